//! Releases as a whole: the same data give the same bytes, nothing is published twice, and a withdrawal leaves the one before.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use mognad::{
    definition::{Definitions, Source},
    ingest::Stored,
    model::Sector,
    publish::Published,
    release::{self, Draft, Log, ReleaseError, ReleaseKind, Written},
    sample::Layout,
};

use crate::fixture::{Fixture, digital_maturity, moment, year};

/// Every published table's file by name, as bytes.
fn tables(fixture: &Fixture) -> BTreeMap<String, Vec<u8>> {
    let folder = fixture.folder.path().join("public");
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder.join("data")).unwrap() {
        let path = entry.unwrap().path();
        found.insert(path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
    }
    found
}

/// The same file with its rows in reverse, and every quoted line break kept.
fn reversed(file: &Path) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file).unwrap();
    let mut rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    rows[1..].reverse();
    let mut writer = csv::Writer::from_path(file).unwrap();
    for row in &rows {
        writer.write_record(row).unwrap();
    }
    writer.flush().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn order_of_rows_and_files_and_threads_change_nothing() {
    let plan = Fixture::plan(2019..=2020, 60, 6);
    let (first, published) = Fixture::published(&plan).await;
    let second = Fixture::new();
    for of in plan.years.iter().rev() {
        let file = second.survey(&plan, *of, Layout::Standard);
        reversed(&file);
        second.ingest(&file, *of).await;
    }
    let again = second.publish(1).await;
    assert_eq!(published.release, again.release);
    assert_eq!(tables(&first), tables(&second));
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_twice_commits_once_and_a_withdrawal_is_an_entry() {
    let plan = Fixture::plan(2019..=2020, 40, 6);
    let (fixture, published) = Fixture::published(&plan).await;
    assert!(matches!(published.written, Some(Written::Committed(_))));
    let again = fixture.publish(2).await;
    assert!(matches!(again.written, Some(Written::Unchanged(_))));
    assert_eq!(Log::read(&fixture.public).await.unwrap().commits.len(), 1);

    release::withdraw(&fixture.public, published.release.as_str(), "test", moment()).await.unwrap();
    assert!(release::open(&fixture.public, moment()).await.unwrap().is_none());
    assert_eq!(Log::read(&fixture.public).await.unwrap().commits.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_or_a_lost_file_is_found_on_opening() {
    let plan = Fixture::plan(2020..=2020, 40, 6);
    let (fixture, _) = Fixture::published(&plan).await;
    assert!(release::open(&fixture.public, moment()).await.unwrap().is_some());
    for entry in fs::read_dir(fixture.folder.path().join("public/data")).unwrap() {
        let path = entry.unwrap().path();
        let whole = fs::read(&path).unwrap();
        for position in [0, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
            let mut flipped = whole.clone();
            flipped[position] ^= 1 << (position % 8);
            fs::write(&path, &flipped).unwrap();
            let error = release::open(&fixture.public, moment()).await.unwrap_err();
            assert!(error.to_string().contains("damaged"), "{error}");
        }
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(release::open(&fixture.public, moment()).await.is_err());
        fs::remove_file(&path).unwrap();
        assert!(release::open(&fixture.public, moment()).await.is_err());
        fs::write(&path, &whole).unwrap();
    }
    assert!(release::open(&fixture.public, moment()).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_publishers_at_once_make_one_entry_each_or_say_who_was_first() {
    let plan = Fixture::plan(2020..=2020, 40, 6);
    let fixture = Fixture::new();
    let file = fixture.survey(&plan, year(2020), Layout::Standard);
    fixture.ingest(&file, year(2020)).await;
    let (a, b) = tokio::join!(fixture.publish(1), fixture.publish(1));
    assert_eq!(a.release, b.release);
    let log = Log::read(&fixture.public).await.unwrap();
    // both have the same content: one commits, the other finds it there
    assert_eq!(log.commits.len(), 1, "{log:?}");
    assert_eq!(log.commits[0].release, a.release);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_gated_with_an_older_log_is_not_committed() {
    let (fixture, _) = Fixture::published(&Fixture::plan(2020..=2020, 40, 6)).await;
    let release = release::open(&fixture.public, moment()).await.unwrap().unwrap();
    let draft = Draft {
        tables: [("notes", release.tables["notes"].whole().unwrap())].into(),
        kind: release.manifest.kind,
        embargo_until: None,
        instruments: BTreeMap::new(),
        synthetic: true,
        policy: fixture.definitions.policy.clone(),
        method_digests: BTreeMap::new(),
        sealed: std::collections::BTreeMap::new(),
        sealed_to: mognad::model::Digest::of(b"nobody"),
        published_at: moment(),
        nonce: "test".to_owned(),
    };
    let error = release::write(&fixture.public, &draft, &Log::default()).await.unwrap_err();
    assert!(matches!(error, ReleaseError::Conflict(1)), "{error}");
    assert_eq!(Log::read(&fixture.public).await.unwrap().commits.len(), 1);
}

/// Municipalities that count in 2020.
fn members_of_sector(published: &Published) -> Vec<String> {
    let groups = &published.instruments[&digital_maturity()].groups;
    let sector = groups.iter().find(|group| group.id.as_str() == "sector:municipality").unwrap();
    sector.members[&year(2020)].iter().map(ToString::to_string).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_counts_in_every_measure_or_in_none() {
    let (fixture, published) = Fixture::published(&Fixture::plan(2020..=2020, 60, 6)).await;
    let by_answers = members_of_sector(&published);
    let ids = fixture.register.in_sector(Sector::Municipality).map(|own| own.id.to_string());
    let others: Vec<String> = ids.filter(|id| !by_answers.contains(id)).take(60).collect();
    let nodes: Vec<String> =
        fixture.definitions.instruments[&digital_maturity()].nodes.iter().map(|node| node.id.to_string()).collect();
    let ingest = async |name: &str, organisations: &[String], measures: &[String], respondents: u32, round: u8| {
        let file = fixture.folder.path().join(name);
        let mut writer = csv::Writer::from_path(&file).unwrap();
        writer.write_record(["organisation", "measure", "value", "respondents"]).unwrap();
        for organisation in organisations {
            for measure in measures {
                writer.write_record([organisation, measure, "40", &respondents.to_string()]).unwrap();
            }
        }
        writer.flush().unwrap();
        let stored = fixture.ingest_as("organisation-scores", &file, year(2020), round).await;
        assert!(matches!(stored, Stored::Added(_)), "{name}: {stored:?}");
    };
    // only the index, though all others have the whole tree; and too few respondents
    ingest("index.csv", &others[..20], &nodes[..1], 20, 1).await;
    ingest("few.csv", &others[20..40], &nodes, 2, 1).await;
    assert_eq!(members_of_sector(&fixture.publish(2).await), by_answers);
    // the whole tree counts, and once, though it is reported in two rounds
    ingest("whole.csv", &others[40..], &nodes, 20, 1).await;
    ingest("whole-again.csv", &others[40..], &nodes, 21, 2).await;
    let mut expected: Vec<String> = by_answers.iter().chain(&others[40..]).cloned().collect();
    expected.sort();
    assert_eq!(members_of_sector(&fixture.publish(2).await), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn values_of_a_preliminary_edition_say_that_they_may_change() {
    let fixture = Fixture::new();
    let file = fixture.survey(&Fixture::plan(2020..=2020, 40, 6), year(2020), Layout::Standard);
    fixture.ingest(&file, year(2020)).await;
    let mut statuses = Vec::new();
    for kind in [ReleaseKind::Preliminary, ReleaseKind::Final] {
        let published = fixture.publish_as(kind, 1).await.unwrap();
        assert!(matches!(published.written, Some(Written::Committed(_))));
        let release = release::open(&fixture.public, moment()).await.unwrap().unwrap();
        let figures = release.tables["figures"].whole().unwrap();
        let figures = figures.get();
        let (status, mean) = (figures.text("status").unwrap(), figures.batch().column_by_name("mean").unwrap().clone());
        let with_value = (0..figures.rows()).filter(|&row| mean.is_valid(row)).map(|row| status.value(row).to_owned());
        statuses.push(with_value.collect::<BTreeSet<String>>());
    }
    assert_eq!(statuses, [["provisional".to_owned()].into(), ["ok".to_owned()].into()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_microdata_are_found_before_anything_is_computed() {
    let fixture = Fixture::new();
    let file = fixture.survey(&Fixture::plan(2020..=2020, 40, 6), year(2020), Layout::Standard);
    fixture.ingest(&file, year(2020)).await;
    let folder = fixture.folder.path().join("private/microdata/digital-maturity/year=2020");
    let part = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&part).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&part, bytes).unwrap();
    let error = fixture.publish_as(ReleaseKind::Final, 1).await.unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
    assert!(Log::read(&fixture.public).await.unwrap().commits.is_empty());
}

#[test]
fn definitions_of_ones_own_are_checked_with_file_and_line() {
    let folder = tempfile::TempDir::new().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for kind in ["", "instrument", "mapping", "grouping", "target"] {
        let (from, to) = (root.join("schemas").join(kind), folder.path().join("schemas").join(kind));
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    let source = Source::new(Some(folder.path().to_owned()));
    assert!(Definitions::load(&source).is_ok());
    let check = |file: &str, from: &str, to: &str, expected: &[&str]| {
        let path = folder.path().join("schemas").join(file);
        let whole = fs::read_to_string(&path).unwrap();
        assert!(whole.contains(from), "{file} has no {from}");
        fs::write(&path, whole.replacen(from, to, 1)).unwrap();
        let said = Definitions::load(&source).unwrap_err().to_string();
        fs::write(&path, whole).unwrap();
        for part in expected {
            assert!(said.contains(part), "{said}\nlacks {part}");
        }
    };
    check("disclosure.toml", "k_eff_min = 5", "k_eff_min = 2", &["schemas/disclosure.toml:6", "floor of 3"]);
    check("disclosure.toml", "insiders = 1", "insider = 1", &["schemas/disclosure.toml:", "insider"]);
    check(
        "instrument/digital-maturity.toml",
        "node = \"sense-needs\"",
        "node = \"sense-nees\"",
        &["digital-maturity.toml:", "no [[node]] key"],
    );
    check(
        "instrument/digital-maturity.toml",
        "key = \"q02\"",
        "key = \"q01\"",
        &["digital-maturity.toml:", "defined twice"],
    );
    check("mapping/standard.toml", "id = \"standard\"", "id = \"other\"", &["name the file other.toml"]);
    check(
        "target/digital-maturity-80.toml",
        "indicator = \"index\"",
        "indicator = \"indx\"",
        &["digital-maturity-80.toml:5", "no node"],
    );
}
