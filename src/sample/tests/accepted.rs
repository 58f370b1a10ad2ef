//! Sample files go through ingest: each is accepted whole, and the forms with answers leave the same rows.

use super::{Fixture, year};
use crate::{
    definition::Mapping,
    ingest::{Job, Limits, PseudonymKey, Stored, ingest},
    model::{MappingId, Sector},
    sample::{Layout, file_name},
    store::PrivateStore,
};

#[tokio::test(flavor = "multi_thread")]
async fn every_form_is_accepted_without_a_finding() {
    let fixture = Fixture::new();
    let key = PseudonymKey::parse(&"5a".repeat(32)).unwrap();
    let mut plan = Fixture::everybody(1, &Sector::ALL);
    plan.years = (2018..=2022).map(year).collect();
    plan.organisations_max = Some(60);
    for id in ["digital-maturity", "indicator-list", "learning-interest"] {
        let instrument = fixture.instrument(id);
        let mut receipts = Vec::new();
        for layout in Layout::ALL {
            let (bytes, _) = fixture.write(id, &plan, year(2022), layout);
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(file_name(instrument, year(2022), layout));
            std::fs::write(&file, bytes).unwrap();
            let mapping: &Mapping = &fixture.definitions.mappings[&MappingId::parse(layout.mapping()).unwrap()];
            let job = Job {
                instrument,
                year: year(2022),
                round: 1,
                mapping,
                register: &fixture.register,
                encoding: None,
                strict: true,
                pseudonym_key: &key,
                replace: None,
                limits: Limits::default(),
                progress: None,
            };
            let store = PrivateStore::open("memory:///").unwrap();
            let outcome = ingest(&store, &file, &job).await.unwrap();
            assert_eq!(outcome.report.counts, [].into(), "{id} {layout:?}");
            match outcome.stored {
                Stored::Added(receipt) if layout != Layout::OrganisationScores => receipts.push(receipt),
                Stored::Added(_) => {}
                other => unreachable!("{id} {layout:?}: {other:?}"),
            }
        }
        assert!(receipts.windows(2).all(|pair| pair[0] == pair[1]), "{id}: {receipts:?}");
    }
}
