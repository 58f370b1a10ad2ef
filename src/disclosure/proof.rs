//! The proof that belongs to a release: whole other data sets that would have been published byte for byte alike, in which each
//! organisation's results are elsewhere. It stays on the private side; the search for them is `witness`.
//!
//! What is claimed for every organisation, measure and year: two data sets exist that put its result at least `witness_width`
//! points apart, and over the data sets drawn its likeliest class has at most the share `bin_probability_max`, one other member
//! of its block keeping its true results in all of them. Data sets are of scores: answers to single questions, which are told
//! for twenty organisations and more only, are outside of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bytes::Bytes;
use datafusion::arrow::{
    array::{ArrayRef, BooleanArray, Int32Array, StringArray},
    datatypes::{DataType, Field, Schema},
};
use serde::Serialize;

use super::{
    DisclosureError, Unprotected,
    plan::block_cells,
    protect::{Round, published_bytes, scores::Scores, windows},
    witness::{self, Asked, Lacking, Method, Node, Settled, Window, Witness},
};
use crate::{
    definition::Policy,
    model::{OrganisationId, Year},
    table::{Table, TableError},
};

/// Draws of each chain of the walk.
const STATES: usize = 60;
/// Chains that a proof has at least; were there one, its insiders would be judged nowhere.
const CHAINS: usize = 2;

/// What was shown for one year of an instrument.
#[derive(Debug)]
pub struct Proof {
    /// The year.
    pub year: Year,
    /// What was found, for the private audit and for people.
    pub outcome: Outcome,
    /// The data sets: `witness`, `method`, `organisation`, `insider`, `measure`, `score` (millionths of a point).
    pub witnesses: Unprotected<Table>,
}

impl Proof {
    /// The data sets as a file for the private store.
    pub fn file(&self) -> Result<Bytes, TableError> {
        self.witnesses.expose().to_parquet()
    }

    /// The data sets of such a file, whose digest has been verified.
    pub fn read(bytes: Bytes) -> Result<Unprotected<Table>, TableError> {
        Table::from_parquet(bytes).map(Unprotected::new)
    }
}

/// How a proof ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Organisations.
    pub organisations: usize,
    /// Measures.
    pub measures: usize,
    /// Data sets that are published byte for byte alike.
    pub witnesses: usize,
    /// Data sets that are not, which no proof may have.
    pub different: usize,
    /// Chains of data sets; each has insiders of its own, so that every organisation is free in one.
    pub chains: usize,
    /// Results for which everything is shown, by the method that it took.
    pub settled: Settled,
    /// Results for which something is missing.
    pub lacking: Vec<Missing>,
}

/// A result for which something is missing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Missing {
    /// Organisation.
    pub organisation: OrganisationId,
    /// Measure.
    pub measure: String,
    /// Width that was shown, points.
    pub width: f64,
    /// Share of the likeliest class.
    pub probability: f64,
}

impl Outcome {
    /// Whether the round can be published as it is.
    pub fn is_complete(&self) -> bool {
        self.different == 0 && self.lacking.is_empty() && self.chains >= CHAINS
    }
}

/// One year of a round as the search sees it: positions for organisations and measures.
struct OfYear {
    year: Year,
    organisations: Vec<OrganisationId>,
    /// Positions in the instrument's tree.
    measures: Vec<usize>,
    round: witness::Round,
}

/// Searches for witnesses of every published year, and builds each as the release was built; after a year that lacks some, no
/// other is looked at. `progress` gets the year, steps done and steps planned.
pub fn prove(
    round: &Round<'_>,
    scores: &Unprotected<Table>,
    policy: &Policy,
    seed: u64,
    progress: &dyn Fn(Year, usize, usize),
) -> Result<Vec<Proof>, DisclosureError> {
    let scores = Scores::read(scores, round.instrument)?;
    let asked = Asked {
        width: i64::from(policy.witness_width) * 1_000_000,
        bin_probability_max: policy.bin_probability_max,
        states: STATES,
        seed,
    };
    let mut proofs = Vec::new();
    for own in years(round, &scores, policy) {
        let near = round.plan.around(own.year);
        let (round, scores) = (&Round { plan: &near, ..*round }, &scores.around(own.year));
        let found = witness::search(&own.round, &asked, &|done, planned| progress(own.year, done, planned))?;
        let different = count_different(round, scores, &own, &found.witnesses, policy)?;
        let outcome = outcome(round, &own, different, found.settled, &found.lacking, &found.witnesses);
        let is_complete = outcome.is_complete();
        let witnesses = Unprotected::new(table(round, &own, &found.witnesses)?);
        proofs.push(Proof { year: own.year, outcome, witnesses });
        if !is_complete {
            break;
        }
    }
    Ok(proofs)
}

/// Checks the kept data sets of one year again, without searching.
pub fn check(
    round: &Round<'_>,
    scores: &Unprotected<Table>,
    year: Year,
    witnesses: &Unprotected<Table>,
    policy: &Policy,
) -> Result<Outcome, DisclosureError> {
    let scores = Scores::read(scores, round.instrument)?.around(year);
    let near = round.plan.around(year);
    let round = &Round { plan: &near, ..*round };
    let Some(own) = years(round, &scores, policy).into_iter().find(|own| own.year == year) else {
        return Err(DisclosureError::Unregistered);
    };
    let witnesses = read(round, &own, witnesses.expose())?;
    let different = count_different(round, &scores, &own, &witnesses, policy)?;
    let (widths, likeliest) = (witness::widths(&own.round, &witnesses), witness::likeliest(&own.round, &witnesses));
    let mut lacking = Vec::new();
    let mut settled = 0;
    for (organisation, (widths, likeliest)) in widths.iter().zip(&likeliest).enumerate() {
        for (node, (&width, &(class, probability))) in widths.iter().zip(likeliest).enumerate() {
            if width < i64::from(policy.witness_width) * 1_000_000 || probability > policy.bin_probability_max {
                lacking.push(Lacking { organisation, node, width, reach: 0, class, probability, share: 0.0 });
            } else {
                settled += 1;
            }
        }
    }
    let settled = Settled { walk: settled, ..Settled::default() };
    Ok(outcome(round, &own, different, settled, &lacking, &witnesses))
}

fn outcome(
    round: &Round<'_>,
    own: &OfYear,
    different: usize,
    settled: Settled,
    lacking: &[Lacking],
    witnesses: &[Witness],
) -> Outcome {
    let chains: BTreeSet<&[usize]> = witnesses.iter().map(|witness| witness.fixed.as_slice()).collect();
    let missing = lacking.iter().map(|one| Missing {
        organisation: own.organisations[one.organisation].clone(),
        measure: round.instrument.nodes[own.measures[one.node]].id.to_string(),
        width: one.width as f64 / 1e6,
        probability: one.probability,
    });
    Outcome {
        organisations: own.organisations.len(),
        measures: own.measures.len(),
        witnesses: witnesses.len() - different,
        different,
        chains: chains.len(),
        settled,
        lacking: missing.collect(),
    }
}

/// Every year in which something is published.
fn years(round: &Round<'_>, scores: &Scores, policy: &Policy) -> Vec<OfYear> {
    let blocks = block_cells(round.plan);
    let mut years = Vec::new();
    for (&year, cells) in &blocks {
        let members: BTreeSet<&OrganisationId> = cells.iter().flat_map(|(_, own)| own.iter().copied()).collect();
        let organisations: Vec<OrganisationId> = members.into_iter().cloned().collect();
        let row = |id: &OrganisationId| scores.0.get(&(id.clone(), year));
        let Some(first) = organisations.first().and_then(row) else { continue };
        let measures: Vec<usize> = first.keys().copied().collect();
        let place = |id: &OrganisationId| organisations.binary_search(id).ok();
        let nodes = measures.iter().map(|&at| {
            let node = &round.instrument.nodes[at];
            let parent = node.parent.and_then(|parent| measures.binary_search(&parent).ok());
            Node { parent, weight: node.weight }
        });
        let of_organisation = |id: &OrganisationId| {
            let own = row(id);
            measures.iter().map(|measure| own.and_then(|own| own.get(measure)).copied().unwrap_or(0)).collect()
        };
        let windows = windows::of_year(round, scores, policy, year).into_iter().filter_map(|window| {
            Some(Window {
                node: measures.binary_search(&window.measure).ok()?,
                members: window.members.iter().filter_map(place).collect(),
                low: window.low,
                high: window.high,
            })
        });
        let search = witness::Round {
            nodes: nodes.collect(),
            scores: organisations.iter().map(of_organisation).collect(),
            blocks: cells.iter().map(|(_, own)| own.iter().filter_map(|id| place(id)).collect()).collect(),
            windows: windows.collect(),
            class_width: i64::from(policy.histogram_step) * 1_000_000,
        };
        years.push(OfYear { year, round: search, measures, organisations });
    }
    years
}

/// How many data sets are published otherwise than the true one, by the code that publishes.
fn count_different(
    round: &Round<'_>,
    scores: &Scores,
    own: &OfYear,
    witnesses: &[Witness],
    policy: &Policy,
) -> Result<usize, DisclosureError> {
    let wanted = published_bytes(round, scores, policy)?;
    let mut different = 0;
    for witness in witnesses {
        let mut replaced = scores.clone();
        for (id, row) in own.organisations.iter().zip(&witness.scores) {
            let values = own.measures.iter().copied().zip(row.iter().copied()).collect();
            replaced.0.insert((id.clone(), own.year), values);
        }
        different += usize::from(published_bytes(round, &replaced, policy)? != wanted);
    }
    Ok(different)
}

fn table(round: &Round<'_>, own: &OfYear, witnesses: &[Witness]) -> Result<Table, TableError> {
    let schema = Schema::new(vec![
        Field::new("witness", DataType::Int32, false),
        Field::new("method", DataType::Utf8, false),
        Field::new("organisation", DataType::Utf8, false),
        Field::new("insider", DataType::Boolean, false),
        Field::new("measure", DataType::Utf8, false),
        Field::new("score", DataType::Int32, false),
    ]);
    let (mut numbers, mut methods, mut organisations) = (Vec::new(), Vec::new(), Vec::new());
    let (mut insiders, mut measures, mut scores) = (Vec::new(), Vec::new(), Vec::new());
    for (number, witness) in witnesses.iter().enumerate() {
        for (organisation, row) in witness.scores.iter().enumerate() {
            let is_insider = witness.fixed.contains(&organisation);
            for (&measure, &score) in own.measures.iter().zip(row) {
                numbers.push(number as i32);
                methods.push(word(witness.method));
                organisations.push(own.organisations[organisation].as_str());
                insiders.push(is_insider);
                measures.push(round.instrument.nodes[measure].id.as_str());
                // a score is at most a hundred million millionths
                scores.push(score as i32);
            }
        }
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from(numbers)),
        Arc::new(StringArray::from(methods)),
        Arc::new(StringArray::from(organisations)),
        Arc::new(BooleanArray::from(insiders)),
        Arc::new(StringArray::from(measures)),
        Arc::new(Int32Array::from(scores)),
    ];
    Table::from_columns(schema, columns)
}

fn word(method: Method) -> &'static str {
    match method {
        Method::Walk => "walk",
        Method::Pull => "pull",
        Method::Solver => "solver",
    }
}

fn read(round: &Round<'_>, own: &OfYear, table: &Table) -> Result<Vec<Witness>, DisclosureError> {
    let (methods, organisations, measures) =
        (table.text("method")?, table.text("organisation")?, table.text("measure")?);
    let numbers: Int32Array = table.column("witness", &DataType::Int32)?;
    let insiders: BooleanArray = table.column("insider", &DataType::Boolean)?;
    let scores: Int32Array = table.column("score", &DataType::Int32)?;
    let places: BTreeMap<&str, usize> = own
        .measures
        .iter()
        .enumerate()
        .map(|(at, &measure)| (round.instrument.nodes[measure].id.as_str(), at))
        .collect();
    let mut found: BTreeMap<i32, Witness> = BTreeMap::new();
    for row in 0..table.rows() {
        let place = own.organisations.binary_search_by(|id| id.as_str().cmp(organisations.value(row))).ok();
        let (Some(place), Some(&measure)) = (place, places.get(measures.value(row))) else {
            return Err(DisclosureError::Unregistered);
        };
        let method = match methods.value(row) {
            "walk" => Method::Walk,
            "pull" => Method::Pull,
            _ => Method::Solver,
        };
        let empty = || Witness { scores: own.round.scores.clone(), fixed: Vec::new(), method };
        let witness = found.entry(numbers.value(row)).or_insert_with(empty);
        witness.scores[place][measure] = i64::from(scores.value(row));
        if insiders.value(row) && witness.fixed.last() != Some(&place) {
            witness.fixed.push(place);
        }
    }
    Ok(found.into_values().collect())
}
