//! `/v1/comparisons`: an organisation's peers, by published group, likeness or free choice, measure by measure.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route, headlines::wanted_instruments};
use crate::{
    encode::{Column, Grid, Value},
    figure::{
        Beside, BesideGroup, Change, Chosen, Comparison, Difference, Distribution, Edition, Method, OwnResult,
        OwnResults, Peers, Position, Standing, compare,
    },
    http::{App, Problem, comparable, holder, parameter::Parameters, peers, selection, unknown},
    model::Bound,
};

const OWN: [&str; 6] = ["organisation", "peers", "instrument", "indicator", "year", "value"];

pub(super) static ROUTE: Route = Route {
    path: "/v1/comparisons",
    operation: "list_comparisons",
    summary: [
        "en organisations jämförda: deras publicerade värde, eller det typiska för deras block, med väntat fel",
        "an organisation's peers: their published figure, or what is typical of their blocks, with its expected error",
    ],
    example: "/v1/comparisons?organisation=municipality-1881&peers=county",
    parameters: &OWN,
    answer: Answer::Table("comparisons"),
    handler: || get(get_comparisons),
};

async fn get_comparisons(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    holder::answered(&app, &uri, &headers, &ROUTE, rows).await
}

fn rows(edition: &Edition, parameters: &Parameters, own: Option<&OwnResults>) -> Result<Grid, Problem> {
    let wanted = wanted_instruments(edition, parameters)?;
    let indicators = selection::Ids::read(parameters.get("indicator"));
    let known = |id: &str| edition.indicators.iter().any(|indicator| &*indicator.key == id);
    if let Some(id) = indicators.unknown(known) {
        return Err(unknown("indicator", id));
    }
    let organisation = parameters.get("organisation");
    let peers = Peers::parse(parameters.get("peers").unwrap_or("block")).map_err(peers::problem)?;
    let value = value(parameters);
    let width = i64::from(edition.release.manifest.policy.histogram_step);
    let mut grid = Grid { columns: columns(width), rows: Vec::new() };
    let instruments = edition.instruments().into_iter().filter(|own| wanted.wants(own));
    // of several instruments those are left out in which there are no such peers
    let found = peers::of_years(edition, parameters, instruments, &peers, organisation)?;
    for (instrument, years) in &found {
        comparable::one_series(edition, instrument, &years.iter().map(|(year, _)| *year).collect::<Vec<_>>())?;
        for (year, chosen) in years {
            let standing = Standing::of(edition, instrument, *year, organisation, chosen);
            let measures = edition.indicators.iter().filter(|indicator| indicator.instrument == *instrument);
            for indicator in measures.filter(|indicator| indicators.wants(&indicator.key)) {
                let found = compare(edition, instrument, &indicator.key, *year, chosen);
                let key = [&**instrument, &*indicator.key];
                // with a key, the value is the organisation's own unless another is tried
                let value = value
                    .map(OwnResult::tried)
                    .or_else(|| own.and_then(|own| own.get(instrument, &indicator.key, *year)));
                let change = edition.change_of(key, *year, chosen);
                let row = Row {
                    key,
                    year: *year,
                    organisation,
                    peers: chosen,
                    found: &found,
                    change: change.as_ref(),
                    beside: standing.in_measure(edition, key, *year, &found, value),
                    value,
                };
                grid.rows.push(row.values(width));
            }
        }
    }
    // one value says nothing of measures of different instruments
    if value.is_some() {
        let having = |instrument: &Arc<str>| grid.rows.iter().any(|row| row[0] == Value::Text(instrument.clone()));
        let used = found.into_iter().map(|(instrument, _)| instrument).filter(having);
        comparable::one_instrument(&used.collect::<Vec<_>>())?;
    }
    selection::found(grid, parameters, &["instrument", "indicator", "year"])
}

/// A hypothetical value, per cent. Nought has no sign, however it is written.
fn value(parameters: &Parameters) -> Option<f64> {
    Some(parameters.get("value")?.parse::<f64>().ok()? + 0.0)
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
        "target_gap_uncertainty",
        "target_gap_exceeds",
        "all_mean",
        "all_difference",
        "all_difference_uncertainty",
        "all_difference_exceeds",
        "sector_group",
        "sector_mean",
        "sector_difference",
        "sector_difference_uncertainty",
        "sector_difference_exceeds",
        "change_status",
        "change",
        "organisations_matched",
        "change_matched",
        "change_composition",
        "distribution_method",
        "lower_quartile",
        "median",
        "upper_quartile",
        "value",
        "value_error",
        "value_difference",
        "value_difference_uncertainty",
        "value_difference_exceeds",
        "value_target_gap",
        "value_target_gap_uncertainty",
        "value_target_gap_exceeds",
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

/// What a row is made of.
struct Row<'a> {
    key: [&'a str; 2],
    year: i64,
    organisation: Option<&'a str>,
    peers: &'a Chosen,
    found: &'a Comparison,
    change: Option<&'a Change>,
    beside: Beside,
    value: Option<OwnResult>,
}

fn tenths(number: Option<f64>) -> Value {
    number.map_or(Value::Null, |number| Value::Number((number * 10.0).round() / 10.0))
}

/// A difference, its uncertainty, and whether it exceeds that.
fn cells(difference: Option<Difference>) -> [Value; 3] {
    [
        tenths(difference.map(|own| own.points)),
        tenths(difference.and_then(|own| own.uncertainty)),
        difference.and_then(|own| own.exceeds()).map_or(Value::Null, Value::Flag),
    ]
}

/// How peers are put together from blocks: `block:b3-1=4/16`, of 16 organisations four are among them.
pub(super) fn blocks(peers: &Chosen) -> String {
    let parts = peers.mixture.parts.iter();
    parts.map(|part| format!("{}={}/{}", part.block, part.members, part.size)).collect::<Vec<_>>().join(" ")
}

impl Row<'_> {
    fn values(&self, width: i64) -> Vec<Value> {
        let Self { peers, found, beside, .. } = self;
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::text);
        let position: Option<Position> = self.value.and_then(|value| found.position(value.value));
        let quartile = |at: usize| Value::whole(found.quartiles.map(|quartiles| quartiles[at]));
        let [_, target_uncertainty, target_exceeds] = cells(beside.target);
        let mean = |own: &Option<BesideGroup>| Value::whole(own.as_ref().and_then(|own| own.mean));
        let difference = |own: &Option<BesideGroup>| cells(own.as_ref().and_then(|own| own.difference));
        let mut row = vec![
            Value::text(self.key[0]),
            Value::text(self.key[1]),
            Value::Whole(self.year),
            text(self.organisation),
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
            target_uncertainty,
            target_exceeds,
            mean(&beside.all),
        ];
        row.extend(difference(&beside.all));
        row.extend([text(beside.sector.as_ref().map(|own| &*own.group)), mean(&beside.sector)]);
        row.extend(difference(&beside.sector));
        row.extend([
            text(self.change.map(|change| &*change.status)),
            Value::whole(self.change.and_then(|change| change.change)),
            Value::whole(self.change.and_then(|change| change.organisations_matched)),
            Value::whole(self.change.and_then(|change| change.matched)),
            Value::whole(self.change.and_then(|change| change.composition)),
            text(found.distribution_method.map(Method::word)),
            quartile(0),
            quartile(1),
            quartile(2),
            self.value.map_or(Value::Null, |own| Value::Number(own.value)),
            tenths(self.value.and_then(|own| own.error)),
        ]);
        row.extend(cells(beside.value));
        row.extend(cells(beside.value_target));
        row.extend([
            Value::whole(position.map(|position| position.below)),
            Value::whole(position.map(|position| position.from)),
            Value::whole(position.map(|position| position.to)),
            Value::text(blocks(peers)),
            Value::text(peers.members.iter().map(|id| &**id).collect::<Vec<_>>().join(" ")),
        ]);
        let shares = found.distribution.as_ref().map(Distribution::shares);
        row.extend((0..(100 / width) as usize).map(|class| {
            let share = shares.and_then(|shares| shares.get(class));
            // per cent to tenths: counts over whole numbers of organisations
            share.map_or(Value::Null, |share| Value::Number((share * 1000.0).round() / 10.0))
        }));
        row
    }
}
