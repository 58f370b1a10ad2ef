//! Limits on files and on what is told of them; files with a defect are tested in `broken`.

use std::collections::BTreeMap;

use mognad::ingest::{IngestError, Job, Limits, Stored, check};

use super::{
    Place, instrument, job, mapping,
    survey::{PLAIN, Survey},
};

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
