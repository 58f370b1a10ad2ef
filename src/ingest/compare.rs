//! Finds rows that belong together: within a file, and with what is stored for the same year and round already.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use datafusion::arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{UInt32Type, UInt64Type},
    error::ArrowError,
};

use super::{
    IngestError,
    check::{Rule, duplicate as rules},
    conform::{KEY, ORGANISATION, ROW, keys_of, scores},
    report::Tally,
    run::{Excluded, Runs, fingerprint},
};
use crate::{
    microdata::{self, Kind, Receipt},
    model::OrganisationId,
    store::PrivateStore,
};

/// What rows of a file are compared by.
pub(super) struct Comparison<'a> {
    pub(super) kind: Kind,
    /// Header of the column that findings name: the respondent, or the measure.
    pub(super) column: Option<&'a str>,
    /// Every organisation, in the order of ids.
    pub(super) organisations: &'a [OrganisationId],
    /// Measure ids in order (organisation scores).
    pub(super) measure_ids: &'a [String],
}

impl Comparison<'_> {
    /// Compares the rows of a file with each other. Every row of a respondent or score that occurs more than once is left
    /// out, so that the outcome does not depend on the order of rows. Rows that were refused already do not count.
    pub(super) fn within_file(
        &self,
        runs: &Runs,
        suspected: &HashSet<u64>,
        tally: &mut Tally,
    ) -> Result<Excluded, ArrowError> {
        let mut excluded = Excluded::default();
        let mut found: HashMap<u128, Vec<(u64, u32)>> = HashMap::new();
        if !suspected.is_empty() {
            runs.visit(&[], |batch| {
                for (row, (organisation, key)) in numbers(batch).zip(keys_of(batch)) {
                    if suspected.contains(&fingerprint(key)) {
                        found.entry(key).or_default().push((row, organisation));
                    }
                }
            })?;
        }
        for (key, rows) in found {
            if rows.len() < 2 {
                continue;
            }
            let rule = match self.kind {
                Kind::Scores => &rules::DUPLICATE_SCORE,
                Kind::Answers if rows.iter().all(|(_, organisation)| *organisation == rows[0].1) => {
                    &rules::DUPLICATE_RESPONDENT
                }
                Kind::Answers => &rules::RESPONDENT_IN_TWO_ORGANISATIONS,
            };
            for (row, _) in rows {
                tally.add(Some(row), self.column, rule);
            }
            excluded.keys.insert(key);
        }
        if self.kind == Kind::Scores {
            self.incomplete(runs, &mut excluded, tally)?;
        }
        Ok(excluded)
    }

    /// Leaves out organisations that lack a measure which others have.
    fn incomplete(&self, runs: &Runs, excluded: &mut Excluded, tally: &mut Tally) -> Result<(), ArrowError> {
        let mut rows: BTreeMap<u32, Vec<(u64, u32)>> = BTreeMap::new();
        runs.visit(&[scores::MEASURE], |batch| {
            let measures = batch.column(KEY + 1).as_primitive::<UInt32Type>().values();
            for ((row, (organisation, key)), measure) in numbers(batch).zip(keys_of(batch)).zip(measures) {
                if !excluded.has(organisation, key) {
                    rows.entry(organisation).or_default().push((row, *measure));
                }
            }
        })?;
        let measures: BTreeSet<u32> = rows.values().flatten().map(|(_, measure)| *measure).collect();
        for (organisation, rows) in rows {
            if rows.len() < measures.len() {
                for (row, _) in rows {
                    tally.add(Some(row), self.column, &rules::INCOMPLETE_ORGANISATION);
                }
                excluded.organisations.insert(organisation);
            }
        }
        Ok(())
    }

    /// Compares the rows of a file with parts in the store. The stored ones stay, since they may be published.
    pub(super) async fn with_stored(
        &self,
        runs: &Runs,
        fingerprints: &[u64],
        within: &Excluded,
        store: &PrivateStore,
        receipts: &[&Receipt],
        keep: usize,
    ) -> Result<(Excluded, Tally), IngestError> {
        let mut excluded = Excluded::default();
        let (same, other): (Vec<&Receipt>, Vec<&Receipt>) =
            receipts.iter().copied().partition(|receipt| receipt.kind == self.kind);
        let is_here = |key: u128| fingerprints.binary_search(&fingerprint(key)).is_ok();
        match self.kind {
            Kind::Answers => {
                microdata::visit(store, &same, &["respondent"], |batch| {
                    let respondents = batch.column(0).as_fixed_size_binary();
                    for row in 0..respondents.len() {
                        let mut key = [0; 16];
                        key.copy_from_slice(respondents.value(row));
                        let key = u128::from_be_bytes(key);
                        if is_here(key) {
                            excluded.keys.insert(key);
                        }
                    }
                })
                .await?;
            }
            Kind::Scores => {
                microdata::visit(store, &same, &["organisation", "measure"], |batch| {
                    let (organisations, measures) =
                        (batch.column(0).as_string::<i32>(), batch.column(1).as_string::<i32>());
                    for (organisation, measure) in organisations.iter().flatten().zip(measures.iter().flatten()) {
                        if let (Some(organisation), Ok(measure)) = (
                            self.position(organisation),
                            self.measure_ids.binary_search_by(|id| id.as_str().cmp(measure)),
                        ) {
                            excluded.keys.insert(scores::key(organisation, measure as u32));
                        }
                    }
                })
                .await?;
            }
        }
        // an organisation with both answers and scores in a round would count twice
        microdata::visit(store, &other, &["organisation"], |batch| {
            let mut last = None;
            for organisation in batch.column(0).as_string::<i32>().iter().flatten() {
                if last != Some(organisation) {
                    excluded.organisations.extend(self.position(organisation));
                    last = Some(organisation);
                }
            }
        })
        .await?;
        let mut tally = Tally::new(keep);
        if !excluded.is_empty() {
            let rule: &'static Rule = &rules::ALREADY_ANSWERED;
            runs.visit(&[], |batch| {
                for (row, (organisation, key)) in numbers(batch).zip(keys_of(batch)) {
                    if excluded.has(organisation, key) && !within.has(organisation, key) {
                        tally.add(Some(row), self.column, rule);
                    }
                }
            })?;
        }
        Ok((excluded, tally))
    }

    fn position(&self, organisation: &str) -> Option<u32> {
        self.organisations.binary_search_by(|id| id.as_str().cmp(organisation)).ok().map(|at| at as u32)
    }
}

fn numbers(batch: &RecordBatch) -> impl Iterator<Item = u64> + '_ {
    batch.column(ROW).as_primitive::<UInt64Type>().values().iter().copied()
}

const _: () = assert!(ROW == 0 && ORGANISATION == 1 && KEY == 2, "rows are shown with these columns first");
