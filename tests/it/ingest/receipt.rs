//! What becomes of files that are ingested again, corrected or interrupted; which rows they have is tested in `form`.

use std::collections::{BTreeMap, BTreeSet};

use mognad::{
    ingest::{Finding, IngestError, Job, PseudonymKey, Stored},
    microdata::{self, Receipt},
    model::{Digest, Year},
};

use super::{
    Place, added, instrument, job, mapping,
    survey::{Form, PLAIN, Survey},
};

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
