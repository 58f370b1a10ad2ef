//! The command line as a publisher meets it: what is said, and the exit code that scripts go by.

use std::{io::Write as _, process::Command};

use mognad::sample::Layout;

use crate::fixture::{Fixture, KEY, year};

/// Exit code, standard output and standard error of a command in a folder of its own.
fn mognad(fixture: &Fixture, arguments: &[&str]) -> (i32, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_mognad"))
        .args(arguments)
        .current_dir(fixture.folder.path())
        .env("MOGNAD_PSEUDONYM_KEY", KEY)
        .env("MOGNAD_PRIVATE", fixture.folder.path().join("private"))
        .env("MOGNAD_PUBLIC", fixture.folder.path().join("public"))
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

#[test]
fn a_publishers_year_from_survey_file_to_answer() {
    let fixture = Fixture::new();
    let of = ["--instrument", "digital-maturity", "--year", "2020"];
    let survey = fixture.survey(&Fixture::plan(2020..=2020, 40, 6), year(2020), Layout::Standard);
    let survey = survey.to_str().unwrap();

    let (code, _, error) = mognad(&fixture, &["publish", "--without-witnesses"]);
    assert_eq!(code, 1, "nothing to publish is a refusal: {error}");
    assert!(error.contains("mognad ingest"), "{error}");
    let (code, _, error) = mognad(&fixture, &["ingest", survey, "--instrument", "digital", "--year", "2020"]);
    assert_eq!(code, 2, "an instrument that there is not is misuse: {error}");
    assert!(error.contains("there are digital-maturity"), "{error}");
    let (code, _, error) = mognad(&fixture, &[&["ingest", "absent.csv"][..], &of[..]].concat());
    assert_eq!(code, 3, "{error}");
    // for machines one document, however many files
    let (_, said, error) = mognad(&fixture, &[&["check", survey, survey, "--json"][..], &of[..]].concat());
    let told: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(told.as_array().unwrap().len(), 2, "{said}{error}");
    let (code, said, error) = mognad(&fixture, &[&["ingest", survey][..], &of[..]].concat());
    assert!(said.contains("stored under receipt"), "{said}{error}");
    assert!(code < 2, "{said}{error}");
    let receipt = said.rsplit_once("receipt ").unwrap().1.trim().to_owned();

    let (code, said, _) = mognad(&fixture, &["receipts", "--format", "csv"]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!((code, lines.len()), (0, 2), "{said}");
    assert!(lines[1].starts_with(&format!("digital-maturity,2020,1,answers,{receipt},")), "{said}");
    assert!(lines[1].ends_with(",false"), "{said}");
    let unknown = "0".repeat(64);
    let (code, _, error) = mognad(&fixture, &[&["ingest", survey, "--replace", &unknown][..], &of[..]].concat());
    assert_eq!(code, 2, "{error}");
    assert!(error.contains("`mognad receipts` lists them"), "{error}");

    let (code, said, error) = mognad(&fixture, &["publish", "--without-witnesses"]);
    assert_eq!(code, 0, "{said}{error}");
    let count = "select count(*) as n from figures where status = 'ok' and indicator = 'index'";
    let (code, said, error) = mognad(&fixture, &["query", count, "--format", "csv"]);
    assert_eq!(code, 0, "{error}");
    assert!(said.lines().nth(1).unwrap().split(',').next().unwrap().parse::<u32>().unwrap() > 3, "{said}");
    let (code, _, error) = mognad(&fixture, &["query", "delete from figures"]);
    assert_eq!(code, 1, "{error}");
    assert!(error.contains("a query begins with select"), "{error}");
    let by_year = "select count(*) as n from figures where status = 'ok' and indicator = 'index' and year = :year";
    let (_, all, _) = mognad(&fixture, &["query", by_year, "--param", "year=2020"]);
    let (code, none, error) = mognad(&fixture, &["query", by_year, "--param", "year=2019", "--format", "json"]);
    assert_eq!(code, 0, "{error}");
    assert!(all.contains('n') && none.contains("\"n\":0"), "{all}{none}");
    let file = fixture.folder.path().join("answer.parquet");
    let to = ["--format", "parquet", "--to", file.to_str().unwrap()];
    let (code, _, error) = mognad(&fixture, &[&["query", count][..], &to].concat());
    assert_eq!(code, 0, "{error}");
    assert_eq!(&std::fs::read(file).unwrap()[..4], b"PAR1");
}

#[test]
fn a_store_that_there_is_not_is_neither_made_nor_served() {
    let fixture = Fixture::new();
    let absent = fixture.folder.path().join("absent");
    for command in [&["query", "select 1"][..], &["releases", "list"], &["serve"]] {
        let at = ["--public", absent.to_str().unwrap()];
        // `releases` takes the store before its action
        let arguments = [&command[..1], &at[..], &command[1..]].concat();
        let (code, _, error) = mognad(&fixture, &arguments);
        assert_eq!(code, 3, "{error}");
        assert!(error.contains("there is no store at"), "{command:?}: {error}");
        assert!(!absent.exists());
    }
}

#[test]
fn queries_are_typed_one_after_the_other() {
    let fixture = Fixture::new();
    let of = ["--instrument", "digital-maturity", "--year", "2020"];
    let survey = fixture.survey(&Fixture::plan(2020..=2020, 40, 6), year(2020), Layout::Standard);
    for arguments in
        [&[&["ingest", survey.to_str().unwrap()][..], &of[..]].concat()[..], &["publish", "--without-witnesses"]]
    {
        let (code, _, error) = mognad(&fixture, arguments);
        assert_eq!(code, 0, "{error}");
    }
    let history = fixture.folder.path().join("history");
    let mut process = Command::new(env!("CARGO_BIN_EXE_mognad"))
        .args(["shell", "--lang", "en", "--public"])
        .arg(fixture.folder.path().join("public"))
        .arg("--history")
        .arg(&history)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let typed = "\\d headline_trend\n\\set year=2020\nselect instrument,\n  organisations\nfrom headline_trend where year = :year;\nselect repeat('x', 9);\n\\d nothing\nquit\n";
    process.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let done = process.wait_with_output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{said}");
    for expected in [
        "target_path",
        "digital-maturity",
        "1 row\n",
        "The function repeat is not offered",
        "there is no table nothing",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let remembered = std::fs::read_to_string(history).unwrap();
    assert!(remembered.contains("from headline_trend where year = :year;"), "{remembered}");
}
