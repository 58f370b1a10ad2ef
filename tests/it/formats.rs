//! Formats over HTTP: what each gives for the same question, how it is asked for, and what is refused.

use std::{collections::BTreeMap, fmt::Write as _, io::Cursor};

use arrow::{
    array::RecordBatch,
    datatypes::Schema,
    ipc::reader::StreamReader,
    util::display::{ArrayFormatter, FormatOptions},
};
use axum::http::{StatusCode, header};
use bytes::Bytes;
use calamine::{Reader as _, Xlsx};
use mognad::{
    definition,
    encode::FORMATS,
    model::{InstrumentId, Sector},
    sample::{Layout, Plan},
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::{
    api::{get, serving, shared},
    fixture::{Fixture, year},
    resources::{joined, rows},
};

const QUERY: &str = "instrument=digital-maturity&indicator=index,capability&group=all,size:10k-20k";

/// An answer's text, or what a reader of the format makes of it, without what differs from release to release.
fn readable(format: &str, release: &str, body: Vec<u8>) -> String {
    let text = match format {
        "xlsx" => workbook(body),
        "parquet" => {
            let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(body)).unwrap();
            let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap().iter();
            let said = pairs.filter(|pair| pair.key != "ARROW:schema");
            let said = said.map(|pair| (pair.key.clone(), pair.value.clone().unwrap())).collect();
            let schema = reader.schema().clone();
            table(&said, &schema, reader.build().unwrap().map(Result::unwrap))
        }
        "arrow" => {
            let reader = StreamReader::try_new(Cursor::new(body), None).unwrap();
            let schema = reader.schema();
            let said = schema.metadata().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            table(&said, &schema, reader.map(Result::unwrap))
        }
        "json" | "json-stat" => {
            let value: Value = serde_json::from_slice(&body).unwrap();
            serde_json::to_string_pretty(&value).unwrap()
        }
        _ => String::from_utf8(body).unwrap().replace('\r', ""),
    };
    let text = text.replace(release, "RELEASE").replace(&release[..12], "RELEASE");
    // the policy's digest changes with every threshold
    let mut words: Vec<&str> = text.split(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() == 64).collect();
    words.dedup();
    words.iter().fold(text.clone(), |text, word| text.replace(word, "DIGEST"))
}

fn workbook(body: Vec<u8>) -> String {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(body)).unwrap();
    let mut text = String::new();
    for name in book.sheet_names() {
        writeln!(text, "[{name}]").unwrap();
        let range = book.worksheet_range(&name).unwrap();
        for row in range.rows() {
            let cells: Vec<String> = row.iter().map(|cell| format!("{cell}")).collect();
            writeln!(text, "{}", cells.join(" | ").trim_end_matches([' ', '|'])).unwrap();
        }
    }
    text
}

fn table(said: &BTreeMap<String, String>, schema: &Schema, batches: impl Iterator<Item = RecordBatch>) -> String {
    let mut text = String::new();
    for (key, value) in said {
        writeln!(text, "{key} = {value}").unwrap();
    }
    for field in schema.fields() {
        let said: BTreeMap<_, _> = field.metadata().iter().collect();
        writeln!(text, "{}: {} {said:?}", field.name(), field.data_type()).unwrap();
    }
    for batch in batches {
        let options = FormatOptions::default().with_null("-");
        let columns: Vec<_> =
            batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options).unwrap()).collect();
        for row in 0..batch.num_rows() {
            let cells: Vec<String> = columns.iter().map(|column| column.value(row).to_string()).collect();
            writeln!(text, "{}", cells.join(" | ")).unwrap();
        }
    }
    text
}

/// An answer's rows without its header, as texts.
pub(crate) fn rows_of(format: &str, body: &[u8]) -> Vec<Vec<String>> {
    let of_batches = |batches: Vec<RecordBatch>| {
        let mut rows = Vec::new();
        for batch in batches {
            let options = FormatOptions::default().with_null("");
            let columns: Vec<_> =
                batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options).unwrap()).collect();
            let texts = |row| columns.iter().map(|column| column.value(row).to_string()).collect();
            rows.extend((0..batch.num_rows()).map(texts));
        }
        rows
    };
    let of_text = |delimiter: u8, text: &[u8]| {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text);
        let texts = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
        reader.records().map(|record| texts(record.unwrap())).collect()
    };
    match format {
        "parquet" => {
            let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(body.to_vec())).unwrap().build().unwrap();
            of_batches(reader.map(Result::unwrap).collect())
        }
        "arrow" => of_batches(StreamReader::try_new(Cursor::new(body), None).unwrap().map(Result::unwrap).collect()),
        "xlsx" => {
            let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(body.to_vec())).unwrap();
            let range = book.worksheet_range("Data").unwrap();
            range.rows().skip(1).map(|row| row.iter().map(|cell| format!("{cell}")).collect()).collect()
        }
        "excel-sv" => {
            let rows: Vec<Vec<String>> = of_text(b';', body.strip_prefix("\u{feff}".as_bytes()).unwrap());
            rows.into_iter().map(|row| row.into_iter().map(|cell| cell.replace(',', ".")).collect()).collect()
        }
        _ => of_text(b',', body),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_format_is_as_it_was() {
    let router = &shared().await.router;
    for format in FORMATS.iter().map(|format| format.name()) {
        let english = ["xlsx", "json-stat"].contains(&format);
        let address = format!("/v1/figures.{format}?{QUERY}{}", if english { "&lang=en" } else { "" });
        let (response, body) = get(router, &address, &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{address}: {}", String::from_utf8_lossy(&body));
        let release = response.headers()["x-mognad-release"].to_str().unwrap();
        insta::assert_snapshot!(format, readable(format, release, body));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn suffix_parameter_and_accept_ask_for_the_same() {
    let router = &shared().await.router;
    for format in FORMATS {
        let name = format.name();
        let (by_suffix, body) = get(router, &format!("/v1/figures.{name}?{QUERY}"), &[]).await;
        assert_eq!(by_suffix.headers()[header::CONTENT_TYPE], format.content_type(), "{name}");
        let (by_name, named) = get(router, &format!("/v1/figures?{QUERY}&format={name}"), &[]).await;
        let (by_type, accepted) =
            get(router, &format!("/v1/figures?{QUERY}"), &[("accept", format.media_type())]).await;
        for (response, same) in [(by_name, named), (by_type, accepted)] {
            assert_eq!(response.headers()[header::CONTENT_TYPE], format.content_type(), "{name}");
            assert!(same == body, "{name}");
        }
        if name != "json" {
            let file = by_suffix.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
            assert!(file.ends_with(&format!(".{}\"", format.extension())), "{file}");
        }
        let (known, empty) = {
            let tag = by_suffix.headers()[header::ETAG].to_str().unwrap();
            get(router, &format!("/v1/figures.{name}?{QUERY}"), &[("if-none-match", tag)]).await
        };
        assert_eq!((known.status(), empty.len()), (StatusCode::NOT_MODIFIED, 0), "{name}");
    }
    for accept in ["application/vnd.sdmx.data+csv; version=1.0.0", "application/json;profile=\"https://example.org/\""]
    {
        let (response, _) = get(router, "/v1/figures", &[("accept", accept)]).await;
        assert_eq!(response.status(), StatusCode::NOT_ACCEPTABLE, "{accept}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn formats_of_one_language_are_there_in_both() {
    let router = &shared().await.router;
    for format in FORMATS {
        let address = |language: &str| format!("/v1/figures.{}?{QUERY}&lang={language}", format.name());
        let (swedish, sv) = get(router, &address("sv"), &[]).await;
        let (english, en) = get(router, &address("en"), &[]).await;
        let language = |response: &axum::http::Response<()>| {
            response.headers().get(header::CONTENT_LANGUAGE).map(|value| value.to_str().unwrap().to_owned())
        };
        if format.is_in_one_language() {
            assert_eq!((language(&swedish).as_deref(), language(&english).as_deref()), (Some("sv"), Some("en")));
            assert!(sv != en, "{}", format.name());
        } else {
            assert!(sv == en && language(&swedish).is_none(), "{}", format.name());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_there_in_every_format_or_says_why_not() {
    let router = &shared().await.router;
    for (path, address, table) in rows() {
        let is_cube = definition::table(table).unwrap().is_cube();
        for format in FORMATS {
            let (response, body) = get(router, &joined(&address, &format!("format={}", format.name())), &[]).await;
            let expected = if format.is_cube() && !is_cube { StatusCode::NOT_ACCEPTABLE } else { StatusCode::OK };
            assert_eq!(response.status(), expected, "{path} as {}: {}", format.name(), String::from_utf8_lossy(&body));
            if expected == StatusCode::OK {
                assert!(!body.is_empty());
                continue;
            }
            let problem: Value = serde_json::from_slice(&body).unwrap();
            for choice in FORMATS.iter().filter(|format| !format.is_cube()) {
                assert!(problem["detail"].as_str().unwrap().contains(choice.name()), "{problem}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cube_holds_all_rows_and_no_page_of_them() {
    let router = &shared().await.router;
    let query = "instrument=digital-maturity";
    let (_, body) = get(router, &format!("/v1/figures?{query}&limit=1"), &[]).await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    let total = body["page"]["total"].as_u64().unwrap();
    assert!(total > 20);
    let (_, set) = get(router, &format!("/v1/figures.json-stat?{query}"), &[]).await;
    let set: Value = serde_json::from_slice(&set).unwrap();
    // rows that lack everything are there with the reason
    let told = |word: &str| set["status"].as_object().unwrap().values().filter(|status| *status == word).count();
    let cells = set["value"].as_array().unwrap().len();
    assert_eq!((cells - told("missing")) as u64, total * 6);
    for page in ["limit=5", "limit=5&page=2"] {
        let (response, body) = get(router, &format!("/v1/figures.px?{query}&{page}"), &[]).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{}", String::from_utf8_lossy(&body));
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["type"], "/problems/limit");
        assert!(problem["detail"].as_str().unwrap().contains("page"), "{problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_several_instruments_are_no_cube() {
    let mut fixture = Fixture::new();
    let plan = Fixture::plan(2020..=2020, 60, 6);
    let file = fixture.survey(&plan, year(2020), Layout::Standard);
    fixture.ingest(&file, year(2020)).await;
    fixture.instrument = InstrumentId::parse("learning-interest").unwrap();
    let mut plan = Plan::new(7, [year(2020)], [Sector::Company]);
    plan.organisations_max = Some(40);
    plan.participation_first = 0.95;
    plan.respondents = 6;
    let file = fixture.survey(&plan, year(2020), Layout::Standard);
    fixture.ingest(&file, year(2020)).await;
    fixture.publish(2).await;
    let service = serving(fixture).await;
    for format in FORMATS {
        let (response, body) = get(&service.router, &format!("/v1/figures.{}", format.name()), &[]).await;
        if !format.is_cube() {
            assert_eq!(response.status(), StatusCode::OK, "{}", format.name());
            continue;
        }
        assert_eq!(response.status(), StatusCode::CONFLICT, "{}", format.name());
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["type"], "/problems/mixed-instruments");
        for instrument in ["digital-maturity", "learning-interest"] {
            let address = format!("/v1/figures.{}?instrument={instrument}", format.name());
            let (response, body) = get(&service.router, &address, &[]).await;
            assert_eq!(response.status(), StatusCode::OK, "{address}: {}", String::from_utf8_lossy(&body));
        }
    }
}
