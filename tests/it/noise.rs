//! Nothing that is decided looks at a value: the same round with answers replaced by noise has the same groups and the same cells.

use std::{collections::BTreeMap, fs};

use mognad::{
    disclosure::Safe,
    encode::{Grid, Value},
    release::{self, Release},
    sample::Layout,
    table::Table,
};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::fixture::{Fixture, moment};

/// A published round; with a seed, every answer is replaced by another point of its scale.
async fn published(noise: Option<u64>) -> Release {
    let fixture = Fixture::new();
    let plan = Fixture::plan(2019..=2020, 60, 12);
    for of in plan.years.clone() {
        let file = fixture.survey(&plan, of, Layout::Standard);
        if let Some(seed) = noise {
            let text = fs::read_to_string(&file).unwrap();
            fs::write(&file, replaced(&text, seed + u64::from(of.number()))).unwrap();
        }
        fixture.ingest(&file, of).await;
    }
    fixture.publish(2).await;
    release::open(&fixture.public, moment()).await.unwrap().unwrap()
}

/// The survey with noise in place of answers; who answered what is left as it is.
fn replaced(text: &str, seed: u64) -> Vec<u8> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let is_question: Vec<bool> = header.iter().map(|name| name.starts_with('q')).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let cells = row.iter().zip(&is_question).map(|(cell, is_question)| match cell.parse::<i8>() {
            Ok(_) if *is_question => random.random_range(1..=5).to_string(),
            _ => cell.to_owned(),
        });
        writer.write_record(cells).unwrap();
    }
    writer.into_inner().unwrap()
}

/// A table with its numbers replaced by whether they are there, and without those that are counts over members alone.
fn presence(table: &Safe<Table>, kept: &[&str]) -> Vec<BTreeMap<String, String>> {
    let grid = Grid::of(table).unwrap();
    let describe = |value: &Value| match value {
        Value::Null => "absent".to_owned(),
        _ => "present".to_owned(),
    };
    let row = |row: &Vec<Value>| {
        let cells = grid.columns.iter().zip(row).map(|(column, value)| {
            let is_kept = kept.contains(&&**column);
            (column.to_string(), if is_kept { format!("{value:?}") } else { describe(value) })
        });
        cells.collect()
    };
    grid.rows.iter().map(row).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_in_place_of_answers_publishes_the_same_cells() {
    let (real, noisy) = (published(None).await, published(Some(7)).await);
    assert_ne!(real.manifest.release, noisy.manifest.release);
    let same = [
        "groups",
        "group_members",
        "organisations",
        "structure",
        "indicators",
        "questions",
        "method",
        "cross_tables",
        "courses",
        "registered_groups",
    ];
    for name in same {
        let rows = |release: &Release| Grid::of(&release.tables[name].whole().unwrap()).unwrap();
        assert_eq!(rows(&real), rows(&noisy), "{name}");
    }
    let keys =
        ["instrument", "indicator", "question", "role", "group_id", "year", "status", "organisations", "respondents"];
    let more = ["answers_with", "series", "class_from", "class_to", "organisations_matched"];
    for name in ["figures", "changes", "answers_by_group", "spread"] {
        let kept: Vec<&str> = keys.into_iter().chain(more).collect();
        let rows = |release: &Release| presence(&release.tables[name].whole().unwrap(), &kept);
        let (real, noisy) = (rows(&real), rows(&noisy));
        assert!(!real.is_empty(), "{name}");
        assert_eq!(real, noisy, "{name}");
    }
    // of a histogram every class has a row, whatever is in it
    let classes = |release: &Release| {
        presence(
            &release.tables["blocks"].whole().unwrap(),
            &["instrument", "indicator", "group_id", "year", "class_from", "class_to"],
        )
    };
    assert_eq!(classes(&real), classes(&noisy));
}
