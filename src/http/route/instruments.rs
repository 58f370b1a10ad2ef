//! `/v1/instruments` and `/v1/instruments/{id}`: the questionnaires that figures come from, with their years and breaks of series.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::{
    encode::{Grid, Value},
    figure::Edition,
    http::{App, Problem, answer, table_of, unknown},
};

pub(super) static ROUTE: Route = Route {
    path: "/v1/instruments",
    operation: "list_instruments",
    summary: ["instrument med namn, år och seriebrott", "instruments with names, years and breaks of series"],
    example: "/v1/instruments",
    parameters: &[],
    answer: Answer::Table("instruments"),
    handler: || get(list_instruments),
};

pub(super) static ONE: Route = Route {
    path: "/v1/instruments/{id}",
    operation: "get_instrument",
    summary: ["ett instrument", "one instrument"],
    example: "/v1/instruments/digital-maturity",
    parameters: &[],
    answer: Answer::Table("instruments"),
    handler: || get(get_instrument),
};

async fn list_instruments(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, _| rows(edition)).await
}

async fn get_instrument(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ONE, |edition, _| {
        let found = rows(edition)?.matching("instrument", |own| own == id);
        if found.rows.is_empty() { Err(unknown("instrument", &id)) } else { Ok(found) }
    })
    .await
}

fn rows(edition: &Edition) -> Result<Grid, Problem> {
    let mut grid = Grid::new(&[
        "instrument",
        "instrument_name_sv",
        "instrument_name_en",
        "synthetic",
        "headline_indicator",
        "indicators",
        "questions",
        "first_year",
        "last_year",
        "series_from",
    ]);
    let (indicators, questions) = (table_of(edition, "indicators")?, table_of(edition, "questions")?);
    for instrument in edition.instruments() {
        let own = indicators.matching("instrument", |id| *id == *instrument);
        let value = |column: &str| own.position(column).and_then(|at| own.rows.first()?.get(at)).cloned();
        let text = |column: &str| value(column).unwrap_or(Value::Null);
        let headline = edition.indicators.iter().find(|known| known.instrument == instrument && known.headline);
        let series: BTreeMap<i64, Arc<str>> =
            edition.published_years(&instrument).map(|(year, series)| (year, series.clone())).collect();
        let asked = questions.matching("instrument", |id| *id == *instrument).rows.len();
        grid.rows.push(vec![
            Value::Text(instrument.clone()),
            text("instrument_name_sv"),
            text("instrument_name_en"),
            text("synthetic"),
            headline.map_or(Value::Null, |headline| Value::Text(headline.key.clone())),
            Value::Whole(own.rows.len() as i64),
            Value::Whole(asked as i64),
            Value::whole(series.keys().next().copied()),
            Value::whole(series.keys().next_back().copied()),
            Value::text(starts(&series).join(" ")),
        ]);
    }
    Ok(grid)
}

/// The years in which a series begins.
fn starts(series: &BTreeMap<i64, Arc<str>>) -> Vec<String> {
    let mut last: Option<&Arc<str>> = None;
    series.iter().filter(|(_, own)| last.replace(own) != Some(own)).map(|(year, _)| year.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_begins_where_it_is_another_than_the_year_before() {
        let series = [(2015, "a"), (2016, "b"), (2017, "b"), (2019, "c")];
        let series = series.into_iter().map(|(year, series)| (year, Arc::from(series))).collect();
        assert_eq!(starts(&series), ["2015", "2016", "2019"]);
    }
}
