//! Editions beside each other: what a correction may change of what has been shown; what one edition shows is asked in the tests of plans and of publishing.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use mognad::{
    encode::{Grid, Value},
    model::Year,
    publish::Published,
    release::{self, ReleaseKind},
    sample::Layout,
};

use crate::fixture::{Fixture, moment, year};

/// A survey with the answers of some organisations' respondents turned round; `organisations` are names as they stand in the file.
fn corrected(text: &str, organisations: &BTreeSet<String>) -> String {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let place = header.iter().position(|name| name == "organisation").unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let is_corrected = organisations.contains(&row[place]);
        let cells = header.iter().zip(&row).map(|(name, cell)| match cell.parse::<i8>() {
            Ok(answer) if is_corrected && name.starts_with('q') => (6 - answer).to_string(),
            _ => cell.to_owned(),
        });
        writer.write_record(cells).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Without the rows of some organisations.
fn without(text: &str, organisations: &BTreeSet<String>) -> String {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let place = header.iter().position(|name| name == "organisation").unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for row in reader.records().map(Result::unwrap).filter(|row| !organisations.contains(&row[place])) {
        writer.write_record(&row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Names of organisations as a survey has them, each once.
fn names(text: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let place = reader.headers().unwrap().iter().position(|name| name == "organisation").unwrap();
    let names: BTreeSet<String> = reader.records().map(|row| row.unwrap()[place].to_owned()).collect();
    names.into_iter().collect()
}

struct Edited {
    fixture: Fixture,
    survey: String,
}

impl Edited {
    /// Two years published, the second of which is going to be corrected.
    async fn new() -> (Self, Published) {
        let plan = Fixture::plan(2019..=2020, 60, 8);
        let (fixture, published) = Fixture::published(&plan).await;
        let file = fixture.survey(&plan, year(2020), Layout::Standard);
        let survey = fs::read_to_string(file).unwrap();
        (Self { fixture, survey }, published)
    }

    /// The survey of 2020 in other words, in place of the one that counts, published as a revision.
    async fn revise(&self, text: &str) -> Published {
        let file = self.fixture.folder.path().join("correction.csv");
        fs::write(&file, text).unwrap();
        self.fixture.ingest_in_place(&file, year(2020)).await;
        self.fixture.publish_as(ReleaseKind::Revision, 2).await.unwrap()
    }

    /// Rows of every table that is made of answers, with the status by itself.
    async fn tables(&self) -> BTreeMap<String, Vec<(Vec<String>, String)>> {
        let release = release::open(&self.fixture.public, moment()).await.unwrap().unwrap();
        let rows = |name: &str| {
            let grid = Grid::of(&release.tables[name].whole().unwrap()).unwrap();
            let status = grid.columns.iter().position(|column| &**column == "status");
            let text = |value: &Value| format!("{value:?}");
            let row = |row: &Vec<Value>| {
                let rest = row.iter().enumerate().filter(|(at, _)| Some(*at) != status).map(|(_, value)| text(value));
                (rest.collect(), status.map_or_else(String::new, |at| text(&row[at])))
            };
            grid.rows.iter().map(row).collect()
        };
        ["figures", "blocks", "spread", "changes", "answers_by_group", "group_members"]
            .map(|name| (name.to_owned(), rows(name)))
            .into()
    }
}

fn waiting(published: &Published, of: Year) -> usize {
    published.instruments.values().filter_map(|own| own.waiting.get(&of)).map(BTreeSet::len).sum()
}

fn numbers(tables: &BTreeMap<String, Vec<(Vec<String>, String)>>) -> Vec<&Vec<String>> {
    tables.values().flatten().map(|(row, _)| row).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_correction_waits_until_there_are_many() {
    let (edited, first) = Edited::new().await;
    let before = edited.tables().await;
    let everybody = names(&edited.survey);

    let one: BTreeSet<String> = everybody[..1].iter().cloned().collect();
    let second = edited.revise(&corrected(&edited.survey, &one)).await;
    assert_eq!(waiting(&second, year(2020)), 1);
    let after = edited.tables().await;
    assert_eq!(numbers(&before), numbers(&after), "no number follows one correction");
    let frozen = |tables: &BTreeMap<String, Vec<(Vec<String>, String)>>, name: &str| {
        tables[name].iter().filter(|(_, status)| status.contains("frozen")).count()
    };
    assert_eq!(frozen(&before, "figures"), 0);
    let (some, all) = (frozen(&after, "figures"), after["figures"].len());
    assert!(0 < some && some < all, "{some} of {all} cells are frozen");
    assert!(frozen(&after, "changes") > 0 && frozen(&after, "answers_by_group") > 0);
    assert_ne!(first.release, second.release);

    // published again without anything new, it waits still
    let again = edited.fixture.publish_as(ReleaseKind::Revision, 2).await.unwrap();
    assert_eq!((waiting(&again, year(2020)), again.release), (1, second.release));

    // eight more are still too few, beside the one that waits
    let nine: BTreeSet<String> = everybody[..9].iter().cloned().collect();
    let third = edited.revise(&corrected(&edited.survey, &nine)).await;
    assert_eq!(waiting(&third, year(2020)), 9);
    assert_eq!(numbers(&before), numbers(&edited.tables().await));

    // everybody's are taken in, those that waited too
    let all: BTreeSet<String> = everybody.iter().cloned().collect();
    let last = edited.revise(&corrected(&edited.survey, &all)).await;
    assert_eq!(waiting(&last, year(2020)), 0);
    let after = edited.tables().await;
    assert_ne!(numbers(&before), numbers(&after));
    assert_eq!(frozen(&after, "figures"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_or_goes_alone_waits() {
    let (edited, _) = Edited::new().await;
    let before = edited.tables().await;
    let everybody = names(&edited.survey);
    let two: BTreeSet<String> = everybody[..2].iter().cloned().collect();
    let gone = edited.revise(&without(&edited.survey, &two)).await;
    assert_eq!(waiting(&gone, year(2020)), 2, "they count as before");
    assert_eq!(numbers(&before), numbers(&edited.tables().await));

    // back again: nothing has changed since the first edition
    let back = edited.revise(&edited.survey).await;
    assert_eq!(waiting(&back, year(2020)), 0);
    let after = edited.tables().await;
    assert_eq!(before, after);
}
