//! Ingest as an operator meets it: files in, receipts, parts and findings out; single checks are tested beside their code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use mognad::{
    definition::{Definitions, Mapping, Source},
    ingest::{
        Encoding, Finding, IngestError, Job, Limits, Outcome, PseudonymKey, RULES, Report, Stored, check, ingest,
    },
    microdata::{self, Receipt},
    model::{Digest, Instrument, InstrumentId, MappingId, OrganisationId, Year},
    register::{Register, RegisterSource},
    store::PrivateStore,
};
use proptest::prelude::*;
use serde::Deserialize;

/// What every survey in here is read against.
struct World {
    definitions: Definitions,
    register: Register,
    key: PseudonymKey,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| World {
        definitions: Definitions::load(&Source::BuiltIn).unwrap(),
        register: RegisterSource::BuiltIn.load().unwrap(),
        key: PseudonymKey::parse(&"5a".repeat(32)).unwrap(),
    })
}

fn instrument(id: &str) -> &'static Instrument {
    &world().definitions.instruments[&InstrumentId::parse(id).unwrap()]
}

fn mapping(id: &str) -> &'static Mapping {
    &world().definitions.mappings[&MappingId::parse(id).unwrap()]
}

fn job<'a>(instrument: &'a Instrument, year: u16, mapping: &'a Mapping) -> Job<'a> {
    Job {
        instrument,
        year: Year::try_from(year).unwrap(),
        round: 1,
        mapping,
        register: &world().register,
        encoding: None,
        strict: false,
        pseudonym_key: &world().key,
        replace: None,
        limits: Limits::default(),
        progress: None,
    }
}

/// A store in a folder of its own.
struct Place {
    folder: tempfile::TempDir,
    store: PrivateStore,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = PrivateStore::open(folder.path().join("store").to_str().unwrap()).unwrap();
        Self { folder, store }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    async fn ingest(&self, name: &str, bytes: &[u8], job: &Job<'_>) -> Result<Outcome, IngestError> {
        ingest(&self.store, &self.file(name, bytes), job).await
    }

    /// Digest of every object, by its path.
    fn tree(&self) -> BTreeMap<String, Digest> {
        fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Digest>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(root, &path, found);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                    found.insert(name, Digest::of(&fs::read(&path).unwrap()));
                }
            }
        }
        let mut found = BTreeMap::new();
        let root = self.folder.path().join("store");
        walk(&root, &root, &mut found);
        found
    }

    fn parts(&self) -> BTreeMap<String, Digest> {
        self.tree().into_iter().filter(|(path, _)| path.starts_with("microdata/")).collect()
    }
}

fn added(outcome: &Outcome) -> Digest {
    match &outcome.stored {
        Stored::Added(id) => id.clone(),
        other => panic!("{other:?} with {:?}", outcome.report),
    }
}

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

/// A survey of digital maturity as numbers, to be written in many ways.
struct Survey {
    /// Organisation, respondent, unit, role, day.
    people: Vec<[String; 5]>,
    /// Answers: 0 is blank, 9 is *don't know*.
    answers: Vec<Vec<u8>>,
}

/// How a survey is written.
#[derive(Clone, Copy)]
struct Form {
    delimiter: u8,
    /// `key`, `sv` or `en`.
    headers: &'static str,
    /// `number`, `decimal`, `sv` or `en`.
    answers: &'static str,
    quoted: bool,
    line_end: &'static str,
}

const PLAIN: Form = Form { delimiter: b',', headers: "key", answers: "number", quoted: false, line_end: "\n" };

impl Survey {
    fn new(rows: usize) -> Self {
        let organisations = ["0114", "Vallentuna", "212000-2908", "UPPLANDS VÄSBY", "municipality-0180", "Gävle"];
        let units = ["", "Vård & omsorg", "Skola, förskola", "Ekonomi \"centralt\""];
        let roles = ["staff", "Ledare", "Elected representative", ""];
        let people = (0..rows).map(|at| {
            let day = format!("2024-03-{:02}", at % 28 + 1);
            [organisations[at % 6], &format!("r{at}"), units[at % 4], roles[at / 7 % 4], &day].map(str::to_owned)
        });
        let answers = (0..rows).map(|at| {
            (0..40).map(|question| [1, 2, 3, 4, 5, 4, 3, 2, 0, 9][(at * 7 + question * 3 + at / 11) % 10]).collect()
        });
        Self { people: people.collect(), answers: answers.collect() }
    }

    fn header(form: Form) -> Vec<String> {
        let mut header: Vec<String> =
            ["name", "organisation", "respondent", "unit", "role", "answered_on"].map(str::to_owned).into();
        header.extend(instrument("digital-maturity").questions.iter().map(|question| match form.headers {
            "sv" => question.text.sv.clone(),
            "en" => question.text.en.to_uppercase(),
            _ => question.id.to_string(),
        }));
        header.push("comment".to_owned());
        header
    }

    fn row(&self, at: usize, form: Form) -> Vec<String> {
        let scale = &instrument("digital-maturity").scales[0];
        let mut row = vec![format!("Person {at}")];
        row.extend(self.people[at].clone());
        row.extend(self.answers[at].iter().map(|answer| match (answer, form.answers) {
            (0, _) => String::new(),
            (9, "sv") => scale.reasons[0].text.sv.to_uppercase(),
            (9, "en") => scale.reasons[0].text.en.clone(),
            (9, _) => scale.reasons[0].key.clone(),
            (value, "sv") => scale.labels[usize::from(*value) - 1].text.sv.clone(),
            (value, "en") => scale.labels[usize::from(*value) - 1].text.en.to_lowercase(),
            (value, "decimal") => format!("{value}.0"),
            (value, _) => value.to_string(),
        }));
        row.push(format!("Line one{}and {} \"two\"", if form.quoted { "\n\n" } else { "" }, at));
        row
    }

    fn csv(&self, form: Form) -> String {
        let quote = |cell: &String| {
            if form.quoted || cell.contains([char::from(form.delimiter), '"', '\n']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        };
        let rows = std::iter::once(Self::header(form)).chain((0..self.people.len()).map(|at| self.row(at, form)));
        let separator = char::from(form.delimiter).to_string();
        rows.map(|row| row.iter().map(quote).collect::<Vec<_>>().join(&separator) + form.line_end).collect()
    }

    fn xlsx(&self) -> Vec<u8> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd hh:mm");
        for (column, name) in Self::header(PLAIN).iter().enumerate() {
            sheet.write_string(0, column as u16, name).unwrap();
        }
        for at in 0..self.people.len() {
            for (column, cell) in self.row(at, PLAIN).iter().enumerate() {
                let (row, column) = (at as u32 + 1, column as u16);
                match cell.parse::<f64>() {
                    // some numbers as numbers and some as text; codes are text
                    Ok(number) if column > 5 && at % 2 == 0 => sheet.write_number(row, column, number).map(|_| ()),
                    _ if column == 5 && at % 3 == 0 => {
                        let day = rust_xlsxwriter::ExcelDateTime::parse_from_str(cell).unwrap();
                        sheet.write_datetime_with_format(row, column, &day, &date).map(|_| ())
                    }
                    _ => sheet.write_string(row, column, cell).map(|_| ()),
                }
                .unwrap();
            }
        }
        workbook.save_to_buffer().unwrap()
    }
}

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
async fn microdata_have_the_declared_columns_in_order() {
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
    assert!(ids.is_sorted());
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 5, "a code and a name of one organisation are one");
    let reasons = table.text("reasons").unwrap();
    assert!(reasons.iter().flatten().any(|text| text.split(' ').all(|r| r.ends_with(":dont-know"))));
    let scanned = microdata::scan(&place.store, &[receipt]).await.unwrap();
    assert_eq!(format!("{scanned:?}"), "[REDACTED]");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_survey_twice_adds_nothing() {
    let place = Place::new();
    let job = job(instrument("digital-maturity"), 2024, mapping("standard"));
    let survey = Survey::new(50);
    let id = added(&place.ingest("a.csv", survey.csv(PLAIN).as_bytes(), &job).await.unwrap());
    let before = place.tree();
    let strict = Job { strict: true, ..job.clone() };
    for (name, bytes) in [
        ("a.csv", survey.csv(PLAIN).into_bytes()),
        ("b.csv", survey.csv(Form { delimiter: b';', ..PLAIN }).into_bytes()),
        ("c.xlsx", survey.xlsx()),
    ] {
        for job in [&job, &strict] {
            let again = place.ingest(name, &bytes, job).await.unwrap();
            assert_eq!(again.stored, Stored::AlreadyThere(id.clone()), "{name}");
            assert_eq!(again.report.findings, []);
            assert_eq!(place.tree(), before);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_leaves_is_completed_by_the_next_run() {
    let place = Place::new();
    let job = job(instrument("digital-maturity"), 2024, mapping("standard"));
    let csv = Survey::new(50).csv(PLAIN);
    let id = added(&place.ingest("a.csv", csv.as_bytes(), &job).await.unwrap());
    let parts = place.parts();
    // a crash between the parts and the receipt
    let receipt = mognad::store::path::receipt(&job.instrument.id, &id);
    place.store.0.delete(&receipt).await.unwrap();
    assert_eq!(microdata::active(&place.store, &job.instrument.id).await.unwrap(), []);
    assert_eq!(added(&place.ingest("a.csv", csv.as_bytes(), &job).await.unwrap()), id);
    assert_eq!(place.parts(), parts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_file_supersedes_explicitly() {
    let place = Place::new();
    let job = job(instrument("digital-maturity"), 2024, mapping("standard"));
    let mut survey = Survey::new(50);
    let wrong = survey.csv(PLAIN);
    let first = added(&place.ingest("a.csv", wrong.as_bytes(), &job).await.unwrap());
    survey.answers[3][0] = 1 + survey.answers[3][0] % 5;
    let right = survey.csv(PLAIN);

    // without saying so, every respondent has answered already
    let refused = place.ingest("b.csv", right.as_bytes(), &job).await.unwrap();
    assert_eq!(refused.stored, Stored::Nothing);
    assert_eq!(refused.report.counts, BTreeMap::from([("already-answered", 50)]));

    let replacing = |id: &Digest| Job { replace: Some(id.clone()), ..job.clone() };
    let second = added(&place.ingest("b.csv", right.as_bytes(), &replacing(&first)).await.unwrap());
    let active = |receipts: Vec<Receipt>| receipts.into_iter().map(|receipt| receipt.id).collect::<Vec<_>>();
    assert_eq!(
        active(microdata::active(&place.store, &job.instrument.id).await.unwrap()),
        std::slice::from_ref(&second)
    );
    let before = place.tree();
    // again, with and without saying so
    for job in [&replacing(&first), &job] {
        let again = place.ingest("b.csv", right.as_bytes(), job).await.unwrap();
        assert_eq!(again.stored, Stored::AlreadyThere(second.clone()));
    }
    // what was replaced cannot be replaced again, nor come back by itself
    let third = Survey::new(40).csv(PLAIN);
    let error = place.ingest("c.csv", third.as_bytes(), &replacing(&first)).await.unwrap_err();
    assert!(matches!(error, IngestError::Superseded { .. }), "{error}");
    let unknown = replacing(&Digest::of(b""));
    let error = place.ingest("c.csv", third.as_bytes(), &unknown).await.unwrap_err();
    assert!(matches!(error, IngestError::UnknownReceipt { .. }), "{error}");
    let other_year = Job { year: Year::try_from(2023).unwrap(), ..replacing(&second) };
    let error = place.ingest("c.csv", third.as_bytes(), &other_year).await.unwrap_err();
    assert!(matches!(error, IngestError::OtherRound { .. }), "{error}");
    assert_eq!(place.tree(), before);
    // going back is a correction too
    let back = added(&place.ingest("a.csv", wrong.as_bytes(), &replacing(&second)).await.unwrap());
    assert_eq!(active(microdata::active(&place.store, &job.instrument.id).await.unwrap()), [back]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_replaced_does_not_come_back_in_part() {
    let place = Place::new();
    let job = job(instrument("digital-maturity"), 2024, mapping("standard"));
    let whole = Survey::new(50).csv(PLAIN);
    let first = added(&place.ingest("a.csv", whole.as_bytes(), &job).await.unwrap());
    let fewer = Survey::new(40).csv(PLAIN);
    let replacing = Job { replace: Some(first.clone()), ..job.clone() };
    added(&place.ingest("b.csv", fewer.as_bytes(), &replacing).await.unwrap());
    let before = place.tree();
    let error = place.ingest("a.csv", whole.as_bytes(), &job).await.unwrap_err();
    assert!(matches!(&error, IngestError::Replaced { receipt, .. } if *receipt == first), "{error}");
    assert_eq!(place.tree(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn years_and_rounds_are_kept_apart() {
    let place = Place::new();
    let mut job = job(instrument("digital-maturity"), 2024, mapping("standard"));
    let csv = Survey::new(30).csv(PLAIN);
    let mut ids = BTreeSet::new();
    for (year, round) in [(2024, 1), (2024, 2), (2023, 1), (2025, 1)] {
        job.year = Year::try_from(year).unwrap();
        job.round = round;
        let outcome = place.ingest("a.csv", csv.as_bytes(), &job).await.unwrap();
        assert_eq!(outcome.report.findings, []);
        ids.insert(added(&outcome));
    }
    assert_eq!(ids.len(), 4);
    let other_key = PseudonymKey::parse(&"5b".repeat(32)).unwrap();
    let other = Job { pseudonym_key: &other_key, ..job.clone() };
    let error = place.ingest("b.csv", csv.as_bytes(), &other).await.unwrap_err();
    assert!(matches!(error, IngestError::OtherKey { .. }), "a respondent would count twice: {error}");
    job.year = Year::try_from(1999).unwrap();
    let error = place.ingest("a.csv", csv.as_bytes(), &job).await.unwrap_err();
    assert!(matches!(error, IngestError::NoVersion { .. }), "{error}");
    job.round = 0;
    assert!(matches!(place.ingest("a.csv", csv.as_bytes(), &job).await, Err(IngestError::Round(0))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_answers_once_and_in_one_way() {
    let place = Place::new();
    let list = instrument("indicator-list");
    let header: Vec<String> = list.questions.iter().map(|question| question.id.to_string()).collect();
    let row = |organisation: &str| format!("{organisation};{}\n", vec!["3"; 24].join(";"));
    let csv = |organisations: &[&str]| {
        let rows: String = organisations.iter().map(|organisation| row(organisation)).collect();
        format!("organisation;{}\n{rows}", header.join(";"))
    };
    let answers = job(list, 2024, mapping("standard"));
    let outcome = place.ingest("a.csv", csv(&["0114", "0115", "Vallentuna"]).as_bytes(), &answers).await.unwrap();
    assert_eq!(outcome.report.counts, BTreeMap::from([("duplicate-respondent", 2)]));
    assert_eq!(outcome.report.rows_accepted, 1);

    // a score of an organisation whose answers are there would count twice
    let scores = job(list, 2024, mapping("organisation-scores"));
    let text = "organisation,measure,value\n0114,index,40\n0115,index,41.5\n";
    let outcome = place.ingest("b.csv", text.as_bytes(), &scores).await.unwrap();
    assert_eq!(
        outcome.report.findings,
        [Finding { row: Some(2), column: Some("measure".to_owned()), rule: "already-answered" }]
    );
    let receipt = added(&outcome);
    let again = place.ingest("c.csv", b"organisation;measure;value\nVallentuna;index;41,50\n0114;index;40\n", &scores);
    assert_eq!(again.await.unwrap().stored, Stored::AlreadyThere(receipt), "the same rows, though some are refused");
    let outcome = place.ingest("d.csv", csv(&["0115", "0117"]).as_bytes(), &answers).await.unwrap();
    assert_eq!(outcome.report.counts, BTreeMap::from([("already-answered", 1)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_are_all_counted_and_the_first_are_kept() {
    let mut survey = Survey::new(3000);
    for person in &mut survey.people {
        person[1] = "same".to_owned();
    }
    let mut job = job(instrument("digital-maturity"), 2024, mapping("standard"));
    let place = Place::new();
    let outcome = place.ingest("a.csv", survey.csv(PLAIN).as_bytes(), &job).await.unwrap();
    assert_eq!(outcome.stored, Stored::Nothing);
    assert_eq!(outcome.report.counts, BTreeMap::from([("respondent-in-two-organisations", 3000)]));
    let rows: Vec<u64> = outcome.report.findings.iter().filter_map(|finding| finding.row).collect();
    assert_eq!(rows, (2..102).collect::<Vec<_>>());
    job.limits.findings = usize::MAX;
    let report = check(&place.file("a.csv", survey.csv(PLAIN).as_bytes()), &job).await.unwrap();
    assert_eq!(report.findings.len(), 3000);
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_refuse_files_before_they_cost_anything() {
    let place = Place::new();
    let survey = Survey::new(20);
    let csv = survey.csv(PLAIN);
    let xlsx = survey.xlsx();
    let plain = Limits::default();
    for (name, bytes, limits) in [
        ("a.csv", csv.as_bytes(), Limits { csv_bytes: 1000, ..plain.clone() }),
        ("a.csv", csv.as_bytes(), Limits { csv_columns: 40, ..plain.clone() }),
        ("a.xlsx", &xlsx, Limits { xlsx_bytes: 1000, ..plain.clone() }),
        ("a.xlsx", &xlsx, Limits { xlsx_entries: 3, ..plain.clone() }),
        ("a.xlsx", &xlsx, Limits { xlsx_unpacked_bytes: 9000, ..plain.clone() }),
        ("a.xlsx", &xlsx, Limits { xlsx_rows: 10, ..plain.clone() }),
        ("a.xlsx", &xlsx, Limits { xlsx_columns: 40, ..plain.clone() }),
        ("a.xlsx", &xlsx, Limits { xlsx_cells: 400, ..plain.clone() }),
        ("a.xlsx", &xlsx, Limits { xlsx_cell_chars: 20, ..plain.clone() }),
    ] {
        let job = Job { limits: limits.clone(), ..job(instrument("digital-maturity"), 2024, mapping("standard")) };
        let outcome = place.ingest(name, bytes, &job).await.unwrap();
        assert_eq!(outcome.stored, Stored::Refused, "{limits:?}");
        assert_eq!(outcome.report.counts.keys().copied().collect::<Vec<_>>(), ["too-large"], "{limits:?}");
    }
    assert_eq!(place.tree(), BTreeMap::new());
    let missing = place.folder.path().join("missing.csv");
    let error = check(&missing, &job(instrument("digital-maturity"), 2024, mapping("standard"))).await.unwrap_err();
    assert!(matches!(error, IngestError::Unreadable { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_reaches_the_size_of_the_file() {
    let seen = std::sync::atomic::AtomicU64::new(0);
    let progress = |bytes: u64| seen.store(bytes, std::sync::atomic::Ordering::SeqCst);
    let place = Place::new();
    for (name, bytes) in [("a.csv", Survey::new(900).csv(PLAIN).into_bytes()), ("b.xlsx", Survey::new(9).xlsx())] {
        let job = Job { progress: Some(&progress), ..job(instrument("digital-maturity"), 2024, mapping("standard")) };
        check(&place.file(name, &bytes), &job).await.unwrap();
        assert_eq!(seen.load(std::sync::atomic::Ordering::SeqCst), bytes.len() as u64, "{name}");
    }
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
