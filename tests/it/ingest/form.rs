//! One survey in whatever form it comes becomes the same microdata; what a form may not be is tested in `limit` and `broken`.

use std::collections::BTreeSet;

use datafusion::arrow::array::ArrayRef;
use mognad::{
    ingest::{Encoding, Finding, Limits},
    microdata,
    model::Digest,
};
use proptest::prelude::*;

use super::{
    Place, added, instrument, job, mapping,
    survey::{Form, PLAIN, Survey},
};

fn utf16(text: &str, mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    mark.encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_survey_becomes_the_same_microdata_in_whatever_form_it_comes() {
    let survey = Survey::new(500);
    let plain = survey.csv(PLAIN);
    let semicolon = survey.csv(Form { delimiter: b';', ..PLAIN });
    let windows = encoding_rs::WINDOWS_1252.encode(&semicolon).0.into_owned();
    let mut shuffled: Vec<&str> = plain.lines().skip(1).collect();
    shuffled.sort_by_key(|line| Digest::of(line.as_bytes()));
    let shuffled = format!("{}\n{}", plain.lines().next().unwrap(), shuffled.join("\n"));
    let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(plain.as_str()).collect();
    let sv = Form { delimiter: b';', headers: "sv", answers: "sv", quoted: false, line_end: "\r\n" };
    let en = Form { delimiter: b'\t', headers: "en", answers: "en", quoted: true, line_end: "\n" };
    let forms: Vec<(&str, Vec<u8>)> = vec![
        ("plain.csv", plain.clone().into_bytes()),
        ("mark.csv", [b"\xef\xbb\xbf", plain.as_bytes()].concat()),
        ("utf16.csv", utf16(&plain, true)),
        ("utf16-without-mark.csv", utf16(&semicolon, false)),
        ("semicolon.csv", semicolon.into_bytes()),
        ("windows.csv", windows),
        ("tab.csv", survey.csv(Form { delimiter: b'\t', ..PLAIN }).into_bytes()),
        ("quoted.csv", survey.csv(Form { quoted: true, line_end: "\r\n", ..PLAIN }).into_bytes()),
        ("carriage-return.csv", survey.csv(Form { line_end: "\r", ..PLAIN }).into_bytes()),
        ("decimal.csv", survey.csv(Form { answers: "decimal", ..PLAIN }).into_bytes()),
        ("swedish.csv", survey.csv(sv).into_bytes()),
        ("english.csv", survey.csv(en).into_bytes()),
        ("blank-rows.csv", format!("{plain}{}\n\n{}\n", ",".repeat(46), ",".repeat(46)).into_bytes()),
        ("no-last-line-end.csv", plain.trim_end().as_bytes().to_vec()),
        ("shuffled.csv", shuffled.into_bytes()),
        ("decomposed.csv", decomposed.into_bytes()),
        ("workbook.csv", survey.xlsx()),
    ];
    let mut first = None;
    for (name, bytes) in forms {
        for run_rows in [Limits::default().run_rows, 97] {
            let place = Place::new();
            let mut job = job(instrument("digital-maturity"), 2024, mapping("standard"));
            job.limits.run_rows = run_rows;
            if name == "windows.csv" {
                job.encoding = Some(Encoding::Windows1252);
            }
            let outcome = place.ingest(name, &bytes, &job).await.unwrap();
            assert_eq!(outcome.report.findings, [], "{name}");
            assert_eq!((outcome.report.rows_read, outcome.report.rows_accepted), (500, 500), "{name}");
            let result = (added(&outcome), place.parts());
            assert_eq!(first.get_or_insert_with(|| result.clone()), &result, "{name}, {run_rows} rows at a time");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn microdata_have_the_declared_columns_and_rows_with_like_gaps_lie_together() {
    let place = Place::new();
    let maturity = instrument("digital-maturity");
    let job = job(maturity, 2024, mapping("standard"));
    let outcome = place.ingest("survey.csv", Survey::new(60).csv(PLAIN).as_bytes(), &job).await.unwrap();
    let receipt = microdata::active(&place.store, &maturity.id).await.unwrap().remove(0);
    assert_eq!(receipt.id, added(&outcome));
    assert_eq!((receipt.rows_read, receipt.rows_accepted, receipt.parts.len()), (60, 60, 1));
    let path = mognad::store::path::microdata(&maturity.id, receipt.year, &receipt.parts[0].digest);
    let bytes = place.store.0.get(&path).await.unwrap();
    let table = mognad::table::Table::from_parquet(bytes).unwrap();
    assert_eq!(*table.batch().schema(), microdata::answers_schema(maturity));
    let organisations = table.text("organisation").unwrap();
    let ids: Vec<&str> = organisations.iter().flatten().collect();
    let version = maturity.version_in(receipt.year).unwrap();
    let questions: Vec<ArrayRef> =
        maturity.questions_in(version).filter_map(|q| table.batch().column_by_name(q.id.as_str()).cloned()).collect();
    let keys: Vec<(usize, Vec<usize>, &str)> = (0..table.rows())
        .map(|row| {
            let mut missing: Vec<usize> = (0..questions.len()).filter(|&at| questions[at].is_null(row)).collect();
            let count = missing.len();
            missing.truncate(3);
            (count, missing, ids[row])
        })
        .collect();
    assert!(keys.is_sorted(), "by number of gaps, by which these are, by organisation");
    assert!(!ids.is_sorted(), "gaps come before organisations");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 5, "a code and a name of one organisation are one");
    let reasons = table.text("reasons").unwrap();
    assert!(reasons.iter().flatten().any(|text| text.split(' ').all(|r| r.ends_with(":dont-know"))));
    let scanned = microdata::scan(&place.store, &[receipt]).await.unwrap();
    assert_eq!(format!("{scanned:?}"), "[REDACTED]");
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Rows may be broken in any way: what is accepted and what is found does not depend on their order, and every row is
    /// either accepted or has a finding.
    #[test]
    fn the_order_of_rows_changes_nothing(
        defects in proptest::collection::vec((0_usize..40, 0_usize..8), 0..12),
        order in Just((0_usize..40).collect::<Vec<_>>()).prop_shuffle(),
        run_rows in 1_usize..60,
    ) {
        let mut survey = Survey::new(40);
        for (row, defect) in defects {
            match defect {
                0 => survey.answers[row][5] = 7,
                1 => survey.people[row][0] = "nowhere".to_owned(),
                2 => survey.people[row][1].clear(),
                3 => survey.people[row][1] = "r1".to_owned(),
                4 => survey.people[row][3] = "janitor".to_owned(),
                5 => survey.people[row][4] = "yesterday".to_owned(),
                6 => survey.answers[row].fill(0),
                _ => survey.people[row][2] = "19800101-1231".to_owned(),
            }
        }
        let text = survey.csv(PLAIN);
        let mut lines = text.lines();
        let header = lines.next().unwrap();
        let lines: Vec<&str> = lines.collect();
        let shuffled: Vec<&str> = order.iter().map(|at| lines[*at]).collect();
        let shuffled = format!("{header}\n{}\n", shuffled.join("\n"));
        let (a, b) = (Place::new(), Place::new());
        let mut job = job(instrument("digital-maturity"), 2024, mapping("standard"));
        let straight = block_on(a.ingest("a.csv", text.as_bytes(), &job)).unwrap();
        job.limits.run_rows = run_rows;
        let mixed = block_on(b.ingest("b.csv", shuffled.as_bytes(), &job)).unwrap();
        prop_assert_eq!(a.parts(), b.parts());
        prop_assert_eq!(&straight.stored, &mixed.stored);
        prop_assert_eq!(&straight.report.counts, &mixed.report.counts);
        let there = |row: u64| order[(row - 2) as usize] as u64 + 2;
        let mut found: Vec<Finding> = mixed.report.findings.clone();
        for finding in &mut found {
            finding.row = finding.row.map(there);
        }
        found.sort();
        prop_assert_eq!(&straight.report.findings, &found);
        let bad: BTreeSet<u64> = straight.report.findings.iter().filter_map(|finding| finding.row).collect();
        prop_assert_eq!(straight.report.rows_accepted + bad.len() as u64, 40);
    }
}
