//! `/v1/headlines`: an instrument's figure for a population, with change, target and sentence.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::{
    encode::{Grid, Value},
    figure::{Edition, Headline, headlines},
    http::{App, Problem, answer, parameter::Parameters, selection, unknown},
};

pub(super) static ROUTE: Route = Route {
    path: "/v1/headlines",
    operation: "list_headlines",
    summary: [
        "ett instruments rubriksiffra med förändring, mål och meningen som säger den",
        "the figure of an instrument with its change, its target and the sentence that says it",
    ],
    example: "/v1/headlines",
    parameters: &["instrument", "population", "year"],
    answer: Answer::Table("headlines"),
    handler: || get(get_headlines),
};

async fn get_headlines(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, rows).await
}

fn rows(edition: &Edition, parameters: &Parameters) -> Result<Grid, Problem> {
    let wanted = wanted_instruments(edition, parameters)?;
    let population = parameters.get("population").unwrap_or("all");
    let instruments = edition.instruments();
    let chosen: Vec<_> = instruments.into_iter().filter(|instrument| wanted.wants(instrument)).collect();
    if !chosen.iter().any(|instrument| edition.group(instrument, population).is_some()) {
        return Err(unknown("population", population));
    }
    let mut grid = Grid::new(&[
        "instrument",
        "indicator",
        "population",
        "population_name_sv",
        "population_name_en",
        "year",
        "status",
        "value",
        "value_bound",
        "change",
        "change_matched",
        "change_composition",
        "organisations",
        "organisations_matched",
        "respondents",
        "target_year",
        "target_value",
        "target_path_value",
        "target_gap",
        "pace_needed",
        "pace_had",
        "value_at_pace",
        "sentence_sv",
        "sentence_en",
    ]);
    for instrument in chosen {
        let all = headlines(edition, &instrument, population);
        let years: Vec<i64> = all.iter().map(|headline| headline.year).collect();
        let years = selection::years(parameters.get("year"), &years, "last(1)")?;
        grid.rows.extend(all.iter().filter(|headline| years.contains(&headline.year)).map(row));
    }
    selection::found(grid, parameters, &["instrument", "population", "year"])
}

/// The instruments asked for, all of which the current release has.
pub(super) fn wanted_instruments(edition: &Edition, parameters: &Parameters) -> Result<selection::Ids, Problem> {
    let (wanted, known) = (selection::Ids::read(parameters.get("instrument")), edition.instruments());
    let absent = wanted.unknown(|id| known.iter().any(|instrument| &**instrument == id)).map(str::to_owned);
    absent.map_or(Ok(wanted), |id| Err(unknown("instrument", &id)))
}

fn row(headline: &Headline) -> Vec<Value> {
    let target = headline.target.as_ref();
    let number = |value: Option<f64>| value.map_or(Value::Null, Value::Number);
    vec![
        Value::text(&headline.instrument),
        Value::text(&headline.indicator),
        Value::text(&headline.group),
        Value::text(&headline.group_name.sv),
        Value::text(&headline.group_name.en),
        Value::Whole(headline.year),
        Value::text(&headline.status),
        Value::whole(headline.value),
        headline.value_bound.map_or(Value::Null, |bound| Value::text(bound.word())),
        Value::whole(headline.change),
        Value::whole(headline.change_matched),
        Value::whole(headline.change_composition),
        Value::whole(headline.organisations),
        Value::whole(headline.organisations_matched),
        Value::whole(headline.respondents),
        Value::whole(target.map(|target| target.year)),
        Value::whole(target.map(|target| target.value)),
        number(target.and_then(|target| target.path_value)),
        Value::whole(target.map(|target| target.gap)),
        number(target.and_then(|target| target.pace_needed)),
        Value::whole(target.and_then(|target| target.pace_had)),
        Value::whole(target.and_then(|target| target.value_at_pace)),
        Value::text(&headline.sentence.sv),
        Value::text(&headline.sentence.en),
    ]
}
