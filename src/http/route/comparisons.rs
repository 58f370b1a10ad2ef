//! `/v1/comparisons`: an organisation's peers, by published group, likeness or free choice, measure by measure.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{
    Route,
    headlines::{unknown, wanted_instruments},
};
use crate::{
    encode::{Column, Grid, Value},
    figure::{Chosen, Comparison, Distribution, Edition, LEAST_PEERS, Method, Peers, PeersError, Position, compare},
    http::{App, Problem, ProblemKind, answer, holder, parameter::Parameters, selection},
    model::Bound,
};

const OWN: [&str; 6] = ["organisation", "peers", "instrument", "indicator", "year", "value"];

pub(super) const ROUTE: Route = Route {
    path: "/v1/comparisons",
    summary: "an organisation's peers: their published figure, or what is typical of their blocks, with its expected error",
    example: "/v1/comparisons?organisation=municipality-1881&peers=county",
    handler: || get(get_comparisons),
};

async fn get_comparisons(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    if !holder::is_named(&headers) {
        return answer::tabular(&app, &uri, &headers, &OWN, |edition, parameters| rows(edition, parameters, None));
    }
    let served = app.served()?;
    let parameters = Parameters::read(uri.query(), &OWN)?;
    let own = holder::own_results(&served, parameters.get("organisation").unwrap_or_default(), &headers).await?;
    answer::for_holder(&served, &uri, &headers, &OWN, |edition, parameters| rows(edition, parameters, Some(&own)))
}

/// An organisation's own scores, per cent, by instrument, measure and year.
fn own_scores(own: &Grid) -> HashMap<(Arc<str>, Arc<str>, i64), f64> {
    let of_whole = own.matching("scope", |scope| scope == "organisation").matching("kind", |kind| kind == "indicator");
    let places = ["instrument", "measure", "year", "score"].map(|column| of_whole.position(column));
    let [Some(instrument), Some(measure), Some(year), Some(score)] = places else { return HashMap::new() };
    let read = |row: &Vec<Value>| match (&row[instrument], &row[measure], &row[year], &row[score]) {
        (Value::Text(instrument), Value::Text(measure), Value::Whole(year), Value::Number(score)) => {
            Some(((instrument.clone(), measure.clone(), *year), *score))
        }
        _ => None,
    };
    of_whole.rows.iter().filter_map(read).collect()
}

fn rows(edition: &Edition, parameters: &Parameters, own_results: Option<&Grid>) -> Result<Grid, Problem> {
    let wanted = wanted_instruments(edition, parameters)?;
    let indicators = selection::Ids::read(parameters.get("indicator"));
    let known = |id: &str| edition.indicators.iter().any(|indicator| &*indicator.key == id);
    if let Some(id) = indicators.unknown(known) {
        return Err(unknown("indicator", id));
    }
    let organisation = parameters.get("organisation");
    let peers = Peers::parse(parameters.get("peers").unwrap_or("block")).map_err(problem)?;
    let value = value(parameters)?;
    let own_scores = own_results.map(own_scores).unwrap_or_default();
    let width = i64::from(edition.release.manifest.policy.histogram_step);
    let mut grid = Grid { columns: columns(width), rows: Vec::new() };
    let mut refused = None;
    for instrument in edition.instruments() {
        if !wanted.wants(&instrument) {
            continue;
        }
        let all: Vec<i64> = edition.membership.years(&instrument);
        for year in selection::years(parameters.get("year"), &all, "last(1)")? {
            // of several instruments those are left out in which there are no such peers
            let chosen = match peers.choose(edition, &instrument, year, organisation) {
                Ok(chosen) => chosen,
                Err(error) => {
                    refused.get_or_insert(error);
                    continue;
                }
            };
            let own = edition.indicators.iter().filter(|indicator| indicator.instrument == instrument);
            for indicator in own.filter(|indicator| indicators.wants(&indicator.key)) {
                let found = compare(edition, &instrument, &indicator.key, year, &chosen);
                let key = [&*instrument, &*indicator.key];
                // with a key, the value is the organisation's own unless another is tried
                let own = own_scores.get(&(instrument.clone(), indicator.key.clone(), year)).copied();
                grid.rows.push(row(key, year, organisation, &chosen, &found, value.or(own), width));
            }
        }
    }
    match refused {
        Some(error) if grid.rows.is_empty() => Err(problem(error)),
        _ => selection::found(grid, parameters, &["instrument", "indicator", "year"]),
    }
}

/// A hypothetical value, per cent.
fn value(parameters: &Parameters) -> Result<Option<f64>, Problem> {
    let Some(text) = parameters.get("value") else { return Ok(None) };
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=100.0).contains(number));
    number.map(Some).ok_or_else(|| {
        Problem::with(
            ProblemKind::InvalidParameter,
            "value ska vara ett tal från 0 till 100, med decimalpunkt.",
            "value has to be a number from 0 to 100.",
        )
    })
}

fn columns(width: i64) -> Vec<Column> {
    let mut columns = Grid::new(&[
        "instrument",
        "indicator",
        "year",
        "organisation",
        "status",
        "method",
        "group_id",
        "answers_for",
        "organisations",
        "mean",
        "mean_bound",
        "expected_error",
        "effective_number",
        "target_value",
        "target_gap",
        "distribution_method",
        "lower_quartile",
        "median",
        "upper_quartile",
        "value",
        "position",
        "position_from",
        "position_to",
        "blocks",
        "members",
    ])
    .columns;
    columns.extend((0..100 / width).map(|class| Column::from(format!("share_{}", class * width))));
    columns
}

fn row(
    [instrument, indicator]: [&str; 2],
    year: i64,
    organisation: Option<&str>,
    peers: &Chosen,
    found: &Comparison,
    value: Option<f64>,
    width: i64,
) -> Vec<Value> {
    let text = |text: Option<&str>| text.map_or(Value::Null, Value::text);
    let tenths =
        |number: Option<f64>| number.map_or(Value::Null, |number| Value::Number((number * 10.0).round() / 10.0));
    let position: Option<Position> = value.and_then(|value| found.position(value));
    let quartile = |at: usize| Value::whole(found.quartiles.map(|quartiles| quartiles[at]));
    let blocks: Vec<String> =
        peers.mixture.parts.iter().map(|part| format!("{}={}/{}", part.block, part.members, part.size)).collect();
    let mut row = vec![
        Value::text(instrument),
        Value::text(indicator),
        Value::Whole(year),
        text(organisation),
        Value::text(&found.status),
        Value::text(found.method.word()),
        text(peers.group.as_deref()),
        text(peers.answers_for.as_deref()),
        Value::Whole(peers.members.len() as i64),
        Value::whole(found.mean),
        text(found.bound.map(Bound::word)),
        tenths(found.expected_error),
        tenths(Some(found.effective_number)),
        Value::whole(found.target.map(|target| target.0)),
        Value::whole(found.target.map(|target| target.1)),
        text(found.distribution_method.map(Method::word)),
        quartile(0),
        quartile(1),
        quartile(2),
        value.map_or(Value::Null, Value::Number),
        Value::whole(position.map(|position| position.below)),
        Value::whole(position.map(|position| position.from)),
        Value::whole(position.map(|position| position.to)),
        Value::text(blocks.join(" ")),
        Value::text(peers.members.iter().map(|id| &**id).collect::<Vec<_>>().join(" ")),
    ];
    let shares = found.distribution.as_ref().map(Distribution::shares);
    row.extend((0..(100 / width) as usize).map(|class| {
        let share = shares.and_then(|shares| shares.get(class));
        // per cent to tenths: counts over whole numbers of organisations
        share.map_or(Value::Null, |share| Value::Number((share * 1000.0).round() / 10.0))
    }));
    row
}

/// Says which peers there are not, and what to do.
fn problem(error: PeersError) -> Problem {
    let clean = |id: &str| -> String { id.chars().filter(|c| !c.is_control()).take(80).collect() };
    match error {
        PeersError::Unreadable => Problem::with(
            ProblemKind::InvalidParameter,
            "peers ska vara block, similar, similar:12, county, skr-group, group:ID eller members:ID,ID.",
            "peers has to be block, similar, similar:12, county, skr-group, group:ID or members:ID,ID.",
        ),
        PeersError::NoOrganisation => Problem::with(
            ProblemKind::InvalidParameter,
            "De jämförda väljs utifrån en organisation: ange organisation=ID, eller peers=members:ID,ID.",
            "These peers are those of an organisation: give organisation=ID, or peers=members:ID,ID.",
        ),
        PeersError::UnknownOrganisation(id) => unknown("organisation", &id),
        PeersError::UnknownGroup(id) => unknown("group", &id),
        PeersError::NotParticipating { ids, year } => {
            let ids: Vec<String> = ids.iter().take(25).map(|id| clean(id)).collect();
            let ids = ids.join(", ");
            Problem::with(
                ProblemKind::NotParticipating,
                format!(
                    "Deltog inte {year}, eller räknas inte: {ids}. Ta bort dem ur urvalet eller välj ett annat år."
                ),
                format!("Took no part in {year}, or do not count: {ids}. Leave them out, or choose another year."),
            )
        }
        PeersError::NoSuchPeers(id) => {
            let id = clean(&id);
            Problem::with(
                ProblemKind::InvalidParameter,
                format!("{id} har inga sådana jämförbara: välj block, group:ID eller members:ID,ID."),
                format!("{id} has no such peers: choose block, group:ID or members:ID,ID."),
            )
        }
        PeersError::TooFew { found } => Problem::with(
            ProblemKind::TooFewPeers,
            format!("{found} organisationer är för få; välj minst {LEAST_PEERS}."),
            format!("{found} organisations are too few; choose at least {LEAST_PEERS}."),
        ),
    }
}
