//! `/v1/changes`: changes from the year before as they are published, with the pace over some years and the pace that a target needs.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route, figures::wanted};
use crate::{
    encode::{Grid, Value},
    figure::{Change, Edition, Figure, Span, pace},
    http::{App, Problem, ProblemKind, answer, comparable, parameter::Parameters, selection},
    model::Bound,
};

const OWN: [&str; 5] = ["instrument", "indicator", "group", "year", "over"];

/// Over how many years a pace is reckoned at most, unless told.
const OVER: i64 = 3;

pub(super) static ROUTE: Route = Route {
    path: "/v1/changes",
    operation: "list_changes",
    summary: [
        "förändringar från året före: publicerad skillnad, matchad panel och sammansättning, med takt och den takt ett mål kräver",
        "changes from the year before: published difference, matched panel and composition, with pace and the pace that a target needs",
    ],
    example: "/v1/changes?indicator=index&group=all,sector:municipality",
    parameters: &OWN,
    answer: Answer::Table("paced_changes"),
    handler: || get(list_changes),
};

async fn list_changes(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, rows).await
}

fn rows(edition: &Edition, parameters: &Parameters) -> Result<Grid, Problem> {
    let (chosen, groups) = wanted(edition, parameters)?;
    let figures: Vec<Figure> = chosen
        .into_iter()
        .flat_map(|own| {
            let ids = edition.groups(&own.instrument).filter(|(id, _)| groups.wants(id));
            ids.flat_map(|(group, _)| edition.series(&own.instrument, &own.key, group))
        })
        .collect();
    let all: BTreeSet<i64> = figures.iter().map(|figure| figure.year).collect();
    let years = selection::years(parameters.get("year"), &all.into_iter().collect::<Vec<_>>(), "last(1)")?;
    let span = span(parameters);
    let of_years: Vec<Figure> = figures.into_iter().filter(|figure| years.contains(&figure.year)).collect();
    let present: BTreeSet<&Arc<str>> = of_years.iter().map(|figure| &figure.instrument).collect();
    for instrument in present {
        comparable::one_series(edition, instrument, &years)?;
        // of what is asked for in so many years nothing may be reckoned across a break
        if let Span::Exactly(over) = span {
            for year in years.iter().filter(|year| edition.series_of(instrument, **year).is_some()) {
                let before: Vec<i64> = (year - over..=*year).collect();
                comparable::one_series(edition, instrument, &before)?;
            }
        }
    }
    let mut grid = Grid::new(&[
        "instrument",
        "indicator",
        "group_id",
        "year",
        "status",
        "change",
        "organisations_matched",
        "change_matched",
        "change_composition",
        "mean",
        "mean_bound",
        "series",
        "pace_from_year",
        "pace",
        "pace_error",
        "target",
        "target_year",
        "target_value",
        "target_gap",
        "pace_needed",
    ]);
    let changed = of_years.into_iter().filter_map(|figure| edition.change(&figure).map(|change| (figure, change)));
    grid.rows = changed.map(|(figure, change)| row(edition, &figure, &change, span)).collect();
    if grid.rows.is_empty() {
        return Err(Problem::with(
            ProblemKind::UnknownId,
            "Urvalet har inga förändringar: det tar två år i följd som visas.",
            "The selection has no changes: it takes two years in a row that are shown.",
        ));
    }
    Ok(grid)
}

/// `over`: exactly so many years, or at most the usual number.
fn span(parameters: &Parameters) -> Span {
    let over = parameters.get("over").and_then(|text| text.parse().ok());
    over.map_or(Span::AtMost(OVER), Span::Exactly)
}

fn row(edition: &Edition, figure: &Figure, change: &Change, span: Span) -> Vec<Value> {
    let number = |value: Option<f64>| value.map_or(Value::Null, Value::Number);
    let pace = pace(edition, figure, span);
    let target = edition.target(&figure.instrument, &figure.indicator, &figure.group, figure.year);
    let path = target.zip(figure.number()).map(|(target, mean)| target.path(figure.year, mean, change.change));
    vec![
        Value::Text(figure.instrument.clone()),
        Value::Text(figure.indicator.clone()),
        Value::Text(figure.group.clone()),
        Value::Whole(figure.year),
        Value::Text(change.status.clone()),
        Value::whole(change.change),
        Value::whole(change.organisations_matched),
        Value::whole(change.matched),
        Value::whole(change.composition),
        Value::whole(figure.mean),
        figure.bound.map_or(Value::Null, |bound| Value::text(Bound::word(bound))),
        Value::Text(figure.series.clone()),
        Value::whole(pace.map(|pace| pace.from_year)),
        number(pace.map(|pace| pace.points)),
        number(pace.map(|pace| pace.rounding)),
        target.map_or(Value::Null, |target| Value::Text(target.id.clone())),
        Value::whole(target.map(|target| target.to.0)),
        Value::whole(target.map(|target| target.to.1)),
        Value::whole(path.as_ref().map(|path| path.gap)),
        number(path.and_then(|path| path.pace_needed)),
    ]
}
