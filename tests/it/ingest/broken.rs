//! Every file of `data-samples/broken` gives exactly what is expected of it; what the rules mean is told beside their code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use mognad::{
    ingest::{Finding, Job, RULES, Report, Stored, check, ingest},
    model::{Digest, Instrument, OrganisationId},
    register::Register,
};
use serde::Deserialize;

use super::{Place, added, instrument, job, mapping, world};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    instrument: String,
    year: u16,
    mapping: String,
    refused: bool,
    rows_read: u64,
    accepted: Vec<usize>,
    findings: Vec<ExpectedFinding>,
    first: Option<String>,
    #[serde(default)]
    valid_to: BTreeMap<OrganisationId, jiff::civil::Date>,
    #[serde(default)]
    roles: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
struct ExpectedFinding {
    row: Option<u64>,
    column: Option<String>,
    rule: String,
}

impl From<&Finding> for ExpectedFinding {
    fn from(finding: &Finding) -> Self {
        Self { row: finding.row, column: finding.column.clone(), rule: finding.rule.to_owned() }
    }
}

fn broken() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/broken")
}

fn expectations() -> Vec<(PathBuf, Expected)> {
    let mut found: Vec<(PathBuf, Expected)> = fs::read_dir(broken())
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name()?.to_str()?.strip_suffix(".expected.toml")?.to_owned();
            let expected = toml::from_str(&fs::read_to_string(&path).unwrap());
            Some((broken().join(&name), expected.unwrap_or_else(|e| panic!("{name}: {e}"))))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn prepared(expected: &Expected) -> (Instrument, Register) {
    let mut instrument = instrument(&expected.instrument).clone();
    for (question, roles) in &expected.roles {
        instrument.questions.iter_mut().find(|q| q.id.as_str() == question).unwrap().roles.clone_from(roles);
    }
    let mut register = world().register.clone();
    for (id, day) in &expected.valid_to {
        register.organisations.get_mut(id).unwrap().valid_to = Some(*day);
    }
    (instrument, register)
}

/// Nothing that a row holds may be told: no text of a cell that is longer than an answer, unless it is a header or a rule.
fn assert_tells_no_cell(file: &Path, report: &Report) {
    let text = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
    let told = format!("{report:?} {}", serde_json::to_string(&report.findings).unwrap());
    let told_by_rule: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    let headers = if file.ends_with("no-header.csv") { "" } else { text.lines().next().unwrap_or_default() };
    for cell in text.split([',', '\n', '"']).map(str::trim).filter(|cell| cell.len() > 4) {
        if !headers.contains(cell) && !told_by_rule.contains(cell) && !report.file.contains(cell) {
            assert!(!told.contains(cell), "{}: tells {cell:?}", file.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_files_give_exactly_their_findings() {
    let expectations = expectations();
    assert!(expectations.len() > 30);
    for (file, expected) in &expectations {
        let name = file.file_name().unwrap().to_str().unwrap();
        let (instrument, register) = prepared(expected);
        let place = Place::new();
        let mut job = Job { register: &register, ..job(&instrument, expected.year, mapping(&expected.mapping)) };
        if let Some(first) = &expected.first {
            added(&ingest(&place.store, &broken().join(first), &job).await.unwrap());
        }
        let before = place.tree();

        job.strict = true;
        let strict = ingest(&place.store, file, &job).await.unwrap();
        let findings: Vec<ExpectedFinding> = strict.report.findings.iter().map(ExpectedFinding::from).collect();
        assert_eq!(findings, expected.findings, "{name}, strict");
        assert_eq!((&strict.stored, strict.report.refused), (&Stored::Refused, true), "{name}");
        assert_eq!(place.tree(), before, "{name}: strict mode leaves the store as it was");

        job.strict = false;
        let outcome = ingest(&place.store, file, &job).await.unwrap();
        let findings: Vec<ExpectedFinding> = outcome.report.findings.iter().map(ExpectedFinding::from).collect();
        assert_eq!(findings, expected.findings, "{name}");
        assert_eq!(outcome.report.findings_total(), findings.len() as u64, "{name}");
        assert_eq!(outcome.report.refused, expected.refused, "{name}");
        assert_eq!(outcome.report.rows_read, expected.rows_read, "{name}");
        assert_eq!(outcome.report.rows_accepted, expected.accepted.len() as u64, "{name}");
        assert_tells_no_cell(file, &outcome.report);
        if expected.accepted.is_empty() {
            assert!(matches!(outcome.stored, Stored::Refused | Stored::Nothing), "{name}");
            assert_eq!(place.tree(), before, "{name}: nothing is written where nothing is accepted");
        } else {
            added(&outcome);
            assert_adds_the_accepted_rows(&place, &before, file, expected, &job).await;
        }
        if expected.first.is_none() {
            let checked = check(file, &job).await.unwrap();
            assert_eq!(checked, outcome.report, "{name}: a check tells the same");
        }
    }
}

/// The parts are those of a file that has the accepted rows only, whatever else it had.
async fn assert_adds_the_accepted_rows(
    place: &Place,
    before: &BTreeMap<String, Digest>,
    file: &Path,
    expected: &Expected,
    job: &Job<'_>,
) {
    if file.extension().is_none_or(|extension| extension != "csv") {
        return;
    }
    let text = fs::read_to_string(file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let kept = std::iter::once(1).chain(expected.accepted.iter().copied()).map(|row| lines[row - 1]);
    let clean = Place::new();
    clean.ingest("clean.csv", kept.collect::<Vec<_>>().join("\n").as_bytes(), job).await.unwrap();
    let mut parts = place.parts();
    parts.retain(|path, _| !before.contains_key(path));
    assert_eq!(parts, clean.parts(), "{}", file.display());
}

#[test]
fn every_rule_has_a_broken_file() {
    let found: BTreeSet<String> =
        expectations().into_iter().flat_map(|(_, expected)| expected.findings).map(|finding| finding.rule).collect();
    let rules: BTreeSet<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(found, rules);
}
