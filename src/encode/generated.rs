//! Documents made for tests: a table with every kind of column, texts that are hard to write, and values that are hard to keep.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use proptest::prelude::*;

use super::{Document, Format, Grid, Meta, Names, Page, Value};
use crate::{
    definition::{ColumnText, Kind, TableText, Unit},
    model::{Digest, Language, Status, Text},
};

/// Column, kind, unit, decimals.
const COLUMNS: [(&str, Kind, Option<Unit>, u8); 12] = [
    ("instrument", Kind::Text, None, 0),
    ("indicator", Kind::Text, None, 0),
    ("group_id", Kind::Text, None, 0),
    ("year", Kind::Whole, Some(Unit::Year), 0),
    ("status", Kind::Text, None, 0),
    ("mean", Kind::Number, Some(Unit::Percent), 1),
    ("mean_bound", Kind::Text, None, 0),
    ("organisations", Kind::Whole, Some(Unit::Organisations), 0),
    ("remark", Kind::Text, None, 0),
    ("shown", Kind::Flag, None, 0),
    ("nothing", Kind::Number, None, 0),
    ("share_N", Kind::Number, Some(Unit::PercentagePoints), 2),
];

/// The table that all of them are of.
pub(super) static TABLE: LazyLock<TableText> = LazyLock::new(|| {
    let column = |&(name, kind, unit, decimals): &(&str, Kind, Option<Unit>, u8)| {
        let title = Text::new(format!("Å {name}"), format!("E {name}"));
        let text = Text::new(format!("Vad {name} är."), format!("What {name} is."));
        (name.to_owned(), ColumnText { kind, unit, decimals, title, text, values: Vec::new() })
    };
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    TableText {
        id: "generated".to_owned(),
        title: Text::new("Påhittade", "Made up"),
        text: Text::new("En rad per mått, grupp och år.", "A row for each measure, group and year."),
        published: true,
        columns: COLUMNS.iter().map(column).collect(),
        optional: Vec::new(),
        key: owned(&["instrument", "indicator", "group_id", "year"]),
        measures: owned(&["mean", "organisations"]),
    }
});

/// The columns that rows have; `share_20` is described as `share_N`.
pub(super) fn columns() -> Vec<&'static str> {
    COLUMNS.iter().map(|(name, ..)| if *name == "share_N" { "share_20" } else { name }).collect()
}

/// Text with what formats have to quote, and what spreadsheets would compute.
fn hard_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zåäö ]{1,12}",
        "[=+@;,'\"|#%&<>åÅ\\-\n\t ]{1,6}[A-Z0-9(){}\\[\\].:=*€’]{0,6}",
        Just("=cmd|' /C calc'!A0".to_owned()),
        Just("\"a\";\"b\",\r\n\"\"".replace('\r', "")),
        Just("DATA=1;".to_owned()),
        Just("å".repeat(300)),
    ]
}

fn maybe(values: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    prop_oneof![1 => Just(Value::Null), 4 => values]
}

fn number() -> impl Strategy<Value = Value> {
    let any =
        prop_oneof![-1e15..1e15_f64, -1.0..1.0_f64, Just(0.1 + 0.2), Just(-0.5), Just(1e-7), Just(123_456_789.125)];
    any.prop_map(Value::Number)
}

fn whole() -> impl Strategy<Value = Value> {
    prop_oneof![0..2_000_i64, (-(1_i64 << 53))..=(1_i64 << 53)].prop_map(Value::Whole)
}

fn row() -> impl Strategy<Value = Vec<Value>> {
    let status = prop::sample::select(Status::ALL.to_vec()).prop_map(|status| Value::text(status.word()));
    let bound = prop::sample::select(vec!["le", "ge"]).prop_map(Value::text);
    (
        status,
        maybe(number()),
        maybe(bound),
        maybe(whole()),
        maybe(hard_text().prop_map(Value::text)),
        maybe(any::<bool>().prop_map(Value::Flag)),
        maybe(number()),
    )
        .prop_map(|(status, mean, bound, organisations, remark, shown, share)| {
            vec![status, mean, bound, organisations, remark, shown, Value::Null, share]
        })
}

/// Documents of one to twelve rows of one instrument, with names that are hard to write.
pub(super) fn document() -> impl Strategy<Value = Document> {
    let keys = prop::collection::btree_set((0..3_usize, 0..3_usize, 2016..2020_i64), 1..12);
    let names = prop::collection::vec(hard_text(), 6);
    let codes = prop::collection::btree_set("[a-z0-9:+.\\-]{1,10}", 3..4);
    (keys, names, codes, any::<bool>(), any::<bool>()).prop_flat_map(|(keys, names, codes, synthetic, english)| {
        let rows = prop::collection::vec(row(), keys.len());
        rows.prop_map(move |rows| {
            let codes: Vec<&String> = codes.iter().collect();
            let keyed = keys.iter().zip(rows).map(|(&(indicator, group, year), rest)| {
                let mut row = vec![
                    Value::text("digital-maturity"),
                    Value::text(codes[indicator]),
                    Value::text(codes[group]),
                    Value::Whole(year),
                ];
                row.extend(rest);
                row
            });
            let mut own = Names::default();
            let instrument: Arc<str> = Arc::from("digital-maturity");
            own.add(None, "instrument", &instrument, Text::new("Digital mognad", "Digital maturity"));
            for (at, code) in codes.iter().enumerate() {
                let code: Arc<str> = Arc::from(code.as_str());
                let both = |name: &str| Text::new(name, format!("{name} (en)"));
                own.add(Some(&instrument), "indicator", &code, both(&names[at]));
                own.add(Some(&instrument), "group_id", &code, both(&names[at + 3]));
            }
            let mut made = of(keyed.collect(), own);
            if !synthetic {
                made.meta.notice = None;
            }
            if english {
                made.language = Language::En;
            }
            made
        })
    })
}

/// A document of these rows.
pub(super) fn of(rows: Vec<Vec<Value>>, names: Names) -> Document {
    let total = rows.len();
    Document {
        table: std::borrow::Cow::Borrowed(&TABLE),
        grid: Grid { rows, ..Grid::new(&columns()) },
        meta: Meta {
            release: Digest::of(b"release"),
            sequence: 3,
            kind: "final".to_owned(),
            published_at: "2021-05-14T08:00:00Z".to_owned(),
            policy: Digest::of(b"policy"),
            notice: Some(Text::new("Syntetiska data.", "Synthetic data.")),
            source: Text::new("Källa: mognad, utgåva abc", "Source: mognad, release abc"),
        },
        page: Page { number: 1, limit: 100_000, total },
        names: Arc::new(names),
        language: Language::Sv,
    }
}

/// A row of the measure `index` for all in a year, with its status and mean.
pub(super) fn simple(year: i64, status: Status, mean: Value) -> Vec<Value> {
    let given = BTreeMap::from([
        ("instrument", Value::text("digital-maturity")),
        ("indicator", Value::text("index")),
        ("group_id", Value::text("all")),
        ("year", Value::Whole(year)),
        ("status", Value::text(status.word())),
        ("mean", mean),
        ("organisations", Value::Whole(233)),
    ]);
    columns().iter().map(|name| given.get(name).cloned().unwrap_or(Value::Null)).collect()
}

/// Whether a text is how a value is written, with this decimal sign; nothing and an empty text look alike.
pub(super) fn is_written(value: &Value, text: &str, point: &str) -> bool {
    match value {
        Value::Null => text.is_empty(),
        Value::Text(own) => **own == *text,
        Value::Whole(number) => text.parse() == Ok(*number),
        Value::Number(number) => text.replace(point, ".").parse() == Ok(*number),
        Value::Flag(flag) => text.parse() == Ok(*flag),
    }
}

/// Whether two numbers are the same but for the last digit, which the reader of JSON does not get right.
pub(super) fn is_near(read: Option<f64>, written: Option<f64>) -> bool {
    match (read, written) {
        (Some(read), Some(written)) => (read - written).abs() <= written.abs() * f64::EPSILON,
        (read, written) => read == written,
    }
}

/// A document's bytes in a format. They have to be the same each time.
pub(super) fn bytes(format: &dyn Format, document: &Document) -> Vec<u8> {
    let write = || {
        let mut out = Vec::new();
        format.write(document, &mut out).unwrap();
        out
    };
    let first = write();
    assert_eq!(first, write(), "{}", format.name());
    first
}
