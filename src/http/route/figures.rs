//! `/v1/figures`: published cells by instrument, measure, group and year.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route, headlines::wanted_instruments};
use crate::{
    encode::{Grid, Value},
    figure::{Edition, Indicator, PublishedRow},
    http::{App, Problem, answer, parameter::Parameters, rows_of, selection, unknown},
};

pub(super) static ROUTE: Route = Route {
    path: "/v1/figures",
    operation: "list_figures",
    summary: [
        "publicerade celler: medelvärde, organisationer, svarande och kvartiler, med status för varje värde",
        "published cells: mean, organisations, respondents and quartiles, with a status for every value",
    ],
    example: "/v1/figures?indicator=index&group=sector:municipality,county:14&year=last(5)",
    parameters: &OWN,
    answer: Answer::Table("figures"),
    handler: || get(list_figures),
};

const OWN: [&str; 4] = ["instrument", "indicator", "group", "year"];

async fn list_figures(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, rows).await
}

/// The measures asked for, of the instruments asked for, and the groups; all of them have to be there.
pub(super) fn wanted<'a>(
    edition: &'a Edition,
    parameters: &Parameters,
) -> Result<(Vec<&'a Indicator>, selection::Ids), Problem> {
    let instruments = wanted_instruments(edition, parameters)?;
    let indicators = selection::Ids::read(parameters.get("indicator"));
    let groups = selection::Ids::read(parameters.get("group"));
    let known = edition.instruments();
    let chosen: Vec<_> = edition.indicators.iter().filter(|own| instruments.wants(&own.instrument)).collect();
    if let Some(id) = indicators.unknown(|id| chosen.iter().any(|own| &*own.key == id)) {
        return Err(unknown("indicator", id));
    }
    if let Some(id) = groups.unknown(|id| {
        known.iter().any(|instrument| instruments.wants(instrument) && edition.group(instrument, id).is_some())
    }) {
        return Err(unknown("group", id));
    }
    Ok((chosen.into_iter().filter(|own| indicators.wants(&own.key)).collect(), groups))
}

fn rows(edition: &Edition, parameters: &Parameters) -> Result<Grid, Problem> {
    let all = rows_of(edition, "figures")?;
    let (chosen, groups) = wanted(edition, parameters)?;
    let year_at = all.position("year").unwrap_or_default();
    let year_of = |row: &PublishedRow| if let Value::Whole(year) = row[year_at] { year } else { 0 };
    let rows: Vec<PublishedRow> = chosen
        .into_iter()
        .flat_map(|own| {
            let ids: Vec<&str> = match &groups {
                selection::Ids::Every => edition.groups(&own.instrument).map(|(id, _)| &**id).collect(),
                selection::Ids::These(ids) => ids.iter().map(String::as_str).collect(),
            };
            ids.into_iter()
                .flat_map(|group| edition.places(&own.instrument, &own.key, group))
                .filter_map(|place| all.row(place))
                .collect::<Vec<_>>()
        })
        .collect();
    let present: BTreeSet<i64> = rows.iter().map(year_of).collect();
    let years = selection::years(parameters.get("year"), &present.into_iter().collect::<Vec<_>>(), "*")?;
    let rows = rows.iter().filter(|row| years.contains(&year_of(row))).map(|row| row.to_vec()).collect();
    let grid = Grid { columns: all.columns().to_vec(), rows };
    selection::found(grid, parameters, &OWN)
}
