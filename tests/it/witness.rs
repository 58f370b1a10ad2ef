//! Witnesses from search to verification, on a survey with few measures: kept privately, checked again without a search, and
//! found out when they are damaged.

use mognad::{
    definition::{Definitions, Source},
    disclosure::proof::Proof,
    model::{InstrumentId, Sector},
    publish::{self, Order, PublishError, Witnesses},
    release::{self, ReleaseKind},
    sample::{Layout, Plan},
    score::Execution,
    store::path,
};

use crate::fixture::{Fixture, moment, year};

fn order<'a>(fixture: &'a Fixture, definitions: &'a Definitions, witnesses: Witnesses) -> Order<'a> {
    Order {
        definitions,
        register: &fixture.register,
        kind: ReleaseKind::Final,
        embargo_until: None,
        now: moment(),
        execution: Execution::local(2),
        dry_run: false,
        witnesses,
    }
}

/// A survey of companies with few measures, ingested.
async fn surveyed() -> Fixture {
    let instrument = InstrumentId::parse("learning-interest").unwrap();
    let fixture = Fixture { instrument, ..Fixture::new() };
    let mut plan = Plan::new(7, [year(2021)], [Sector::Company]);
    plan.organisations_max = Some(40);
    plan.participation = 0.95;
    plan.participation_first = 0.95;
    plan.respondents = 8;
    let file = fixture.survey(&plan, year(2021), Layout::Standard);
    fixture.ingest(&file, year(2021)).await;
    fixture
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_that_lacks_witnesses_moves_to_the_next_catalogue_and_ends_with_the_reason() {
    let fixture = surveyed().await;
    let mut definitions = Definitions::load(&Source::BuiltIn).unwrap();
    // nobody's result can be anywhere on the scale
    definitions.policy.witness_width = 100;
    definitions.policy.catalogues = vec![14, 16, 18];
    let told = std::sync::Mutex::new(Vec::new());
    let order = order(&fixture, &definitions, Witnesses::Searched);
    let progress = |text: &str| told.lock().unwrap().push(text.to_owned());
    let error = publish::publish(&fixture.private, &fixture.public, &order, &progress).await.unwrap_err();
    assert!(matches!(error, PublishError::NoWitnesses { .. }), "{error}");
    let moves = told.lock().unwrap().iter().filter(|text| text.contains("lack witnesses")).count();
    assert_eq!(moves, 3);
    assert!(release::open(&fixture.public, moment()).await.unwrap().is_none(), "nothing is published");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_with_witnesses_is_built_again_from_each_of_them() {
    let (fixture, instrument) = (surveyed().await, InstrumentId::parse("learning-interest").unwrap());
    let definitions = Definitions::load(&Source::BuiltIn).unwrap();

    let order = |witnesses| order(&fixture, &definitions, witnesses);
    let skipped =
        publish::publish(&fixture.private, &fixture.public, &order(Witnesses::Skipped), &|_| {}).await.unwrap();
    let error =
        publish::verify(&fixture.private, &fixture.public, order(Witnesses::Skipped), &skipped.release, &|_| {});
    assert!(matches!(error.await, Err(PublishError::Unproven(_))));

    let proven =
        publish::publish(&fixture.private, &fixture.public, &order(Witnesses::Searched), &|_| {}).await.unwrap();
    let proofs = proven.instruments[&instrument].proofs.as_ref().unwrap();
    let found = &proofs[&year(2021)];
    assert!(found.is_complete() && found.witnesses > 50, "{found:?}");
    let checked =
        publish::verify(&fixture.private, &fixture.public, order(Witnesses::Skipped), &proven.release, &|_| {});
    let checked = checked.await.unwrap();
    let again = &checked[&(instrument, year(2021))];
    assert_eq!((again.witnesses, again.different, again.lacking.len()), (found.witnesses, 0, 0));

    // a witness with another value is not published alike
    let place = fixture.private.0.list(&object_store::path::Path::from("witnesses")).await.unwrap().remove(0);
    let bytes = fixture.private.0.get(&place).await.unwrap();
    assert_eq!(place, path::witnesses(&mognad::model::Digest::of(&bytes)));
    assert!(format!("{:?}", Proof::read(bytes).unwrap()).contains("REDACTED"));
}
