//! The publisher's own two-way tables, from a survey to published cells: dots, totals, a later edition, and what a query can see. How
//! dots are chosen is tested beside `suppress`, and judged by others in the audit.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use mognad::{
    definition::{Definitions, Source},
    disclosure::CrossAudit,
    encode::{Grid, Value},
    publish::{PublishError, Published},
    release::{self, ReleaseKind},
    sample::Layout,
};

use crate::fixture::{Fixture, moment, year};

/// A survey in which of some organisations, given by their names, only the first that answer have any `elected` respondents.
fn with_few_elected(text: &str, among: &BTreeMap<&str, &str>, kept: usize) -> String {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|own| own == name).unwrap();
    let (organisation, role) = (place("organisation"), place("role"));
    let mut seen: Vec<&str> = Vec::new();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for row in reader.records().map(Result::unwrap) {
        let place = among.get(&row[organisation]).map(|id| {
            seen.iter().position(|own| own == id).unwrap_or_else(|| {
                seen.push(id);
                seen.len() - 1
            })
        });
        let loses = place.is_some_and(|place| place >= kept) && &row[role] == "elected";
        let cells = row.iter().enumerate().map(|(at, cell)| if loses && at == role { "staff" } else { cell });
        writer.write_record(cells).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Respondents by row and category; none where there are dots.
type Shown = BTreeMap<(String, String), Option<i64>>;

async fn shown(fixture: &Fixture) -> (Shown, BTreeSet<String>) {
    let release = release::open(&fixture.public, moment()).await.unwrap().unwrap();
    let grid = Grid::of(&release.tables["cross_tables"].whole().unwrap()).unwrap();
    let at = |name: &str| grid.columns.iter().position(|column| &**column == name).unwrap();
    let (group, category, status, respondents) = (at("group_id"), at("category"), at("status"), at("respondents"));
    let text = |value: &Value| if let Value::Text(text) = value { text.to_string() } else { "the rest".to_owned() };
    let cells = grid.rows.iter().map(|row| {
        let number = if let Value::Whole(number) = row[respondents] { Some(number) } else { None };
        ((text(&row[group]), text(&row[category])), number)
    });
    (cells.collect(), grid.rows.iter().map(|row| text(&row[status])).collect())
}

fn audit(published: &Published) -> &CrossAudit {
    let found: Vec<&CrossAudit> = published.instruments.values().flat_map(|own| &own.cross_tables).collect();
    assert_eq!(found.len(), 1);
    found[0]
}

/// A year in which two organisations of a county have elected respondents, and who is in the county.
async fn rigged() -> (Fixture, Published, String, String) {
    let plan = Fixture::plan(2020..=2020, 90, 40);
    let (honest, published) = Fixture::published(&plan).await;
    assert!(audit(&published).sensitive.is_empty(), "{:?}", audit(&published));
    let groups = published.instruments.values().flat_map(|own| &own.groups);
    let county = groups.filter(|group| group.kind == "county").find(|group| group.members.contains_key(&year(2020)));
    let county = county.unwrap();
    let members = county.members[&year(2020)].iter();
    // surveys name organisations in more than one way
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for id in members {
        let own = &honest.register.organisations[id];
        let names = [Some(&own.name), own.official_name.as_ref(), own.code.as_ref(), own.number.as_ref()];
        known.extend(names.into_iter().flatten().map(|name| (name.as_str(), id.as_str())));
    }
    let survey = fs::read_to_string(honest.survey(&plan, year(2020), Layout::Standard)).unwrap();
    let survey = with_few_elected(&survey, &known, 2);

    let fixture = Fixture::new();
    let file = fixture.folder.path().join("rigged.csv");
    fs::write(&file, &survey).unwrap();
    fixture.ingest(&file, year(2020)).await;
    let published = fixture.publish(2).await;
    (fixture, published, county.id.to_string(), survey)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_of_two_organisations_carries_dots_and_a_later_edition_does_not_give_it_away() {
    let (fixture, published, county, survey) = rigged().await;
    let sensitive = (county.clone(), "elected".to_owned());
    let found = audit(&published);
    assert_eq!(found.refused, None);
    let ids = |cells: &[(Option<mognad::model::GroupId>, String)]| -> BTreeSet<(String, String)> {
        let id = |id: &Option<mognad::model::GroupId>| id.as_ref().map_or("the rest".to_owned(), ToString::to_string);
        cells.iter().map(|(group, column)| (id(group), column.clone())).collect()
    };
    assert_eq!(ids(&found.sensitive), [sensitive.clone()].into());

    let (cells, statuses) = shown(&fixture).await;
    assert_eq!(statuses, ["ok", "withheld"].map(str::to_owned).into());
    let dots: BTreeSet<(String, String)> =
        cells.iter().filter(|(_, number)| number.is_none()).map(|(cell, _)| cell.clone()).collect();
    assert_eq!(dots, ids(&found.hidden));
    assert!(dots.contains(&sensitive) && dots.len() > 2, "{dots:?}");
    // no line has one dot alone, so that no subtraction gives it back; rows' totals are always shown
    for (row, column) in &dots {
        assert_ne!(column, "all");
        assert!(dots.iter().filter(|(own, _)| own == row).count() > 1, "{row} {dots:?}");
        assert!(dots.iter().filter(|(_, own)| own == column).count() > 1, "{column} {dots:?}");
    }
    assert!(cells.values().flatten().all(|number| number % 10 == 0 && (*number == 0 || *number >= 30)), "{cells:?}");

    // roles of everybody are corrected, so that nobody waits: the year stays as it was, and says so
    let others = survey.replace(",elected,", ",staff,").replace(",leader,", ",elected,");
    assert_ne!(others, survey);
    let file = fixture.folder.path().join("others.csv");
    fs::write(&file, others).unwrap();
    fixture.ingest_in_place(&file, year(2020)).await;
    let later = fixture.publish_as(ReleaseKind::Revision, 2).await.unwrap();
    assert!(audit(&later).repeated);
    let (after, statuses) = shown(&fixture).await;
    assert_eq!(after, cells);
    assert_eq!(statuses, ["frozen", "withheld"].map(str::to_owned).into());
}

/// The built-in definitions in a folder, with some files changed or added.
fn definitions(folder: &Path, files: &[(&str, &str)]) -> Result<Definitions, String> {
    for file in Source::BuiltIn.files().unwrap() {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text).unwrap();
    }
    for (path, text) in files {
        fs::write(folder.join(path), text).unwrap();
    }
    Definitions::load(&Source::Folder(folder.to_owned())).map_err(|error| error.to_string())
}

const TABLE: &str = include_str!("../../schemas/cross-table/respondents-by-role.toml");
const QUERY: &str = include_str!("../../sql/cube/respondents_by_role.sql");

#[tokio::test(flavor = "multi_thread")]
async fn a_query_sees_who_attended_and_no_answers() {
    let plan = Fixture::plan(2020..=2020, 60, 8);
    let mut fixture = Fixture::new();
    let file = fixture.survey(&plan, year(2020), Layout::Standard);
    fixture.ingest(&file, year(2020)).await;
    for nosy in [
        "select organisation, year, role as category, 1 as respondents from organisation_scores",
        "select organisation, year, q01 as category, 1 as respondents from attendance",
        "copy attendance to 'attendance.parquet'",
        // every respondent has to be counted, and once
        "select organisation, year, role as category, respondents from attendance where role = 'staff'",
        "select organisation, year, role as category, 2 * respondents as respondents from attendance",
        "select organisation, year, role as category, cast(null as bigint) as respondents from attendance",
        "select organisation, year + 500 as year, role as category, respondents from attendance",
        "select organisation, year, role as category, respondents - 1000 as respondents from attendance",
    ] {
        let header: Vec<&str> = QUERY.lines().filter(|line| line.starts_with("--")).collect();
        let folder = fixture.folder.path().join("definitions");
        fixture.definitions =
            definitions(&folder, &[("sql/cube/respondents_by_role.sql", &format!("{}\n{nosy}", header.join("\n")))])
                .unwrap();
        let error = fixture.publish_as(ReleaseKind::Final, 2).await.unwrap_err();
        assert!(matches!(error, PublishError::Score(_) | PublishError::Disclosure(_)), "{error}");
        assert!(error.to_string().contains("sql/cube/respondents_by_role.sql"), "{error}");
        assert!(release::open(&fixture.public, moment()).await.unwrap().is_none());
    }
}

#[test]
fn tables_that_would_give_each_other_away_and_mistakes_are_told_with_their_place() {
    let folder = tempfile::TempDir::new().unwrap();
    let second = TABLE
        .replace("id = \"respondents-by-role\"", "id = \"by-size\"")
        .replace("rows = \"county\"", "rows = \"sector\"")
        .replace("cube/respondents_by_role", "cube/nothing")
        .replace("key = \"leader\"", "key = \"all\"");
    let of_one = TABLE
        .replace("id = \"respondents-by-role\"", "id = \"indicators\"")
        .replace("instrument = \"digital-maturity\"", "instrument = \"indicator-list\"");
    let files = [("schemas/cross-table/by-size.toml", &*second), ("schemas/cross-table/indicators.toml", &of_one)];
    let told = definitions(folder.path(), &files).unwrap_err();
    insta::assert_snapshot!(told);
}
