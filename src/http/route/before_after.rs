//! `/v1/before-after`: a registered group before and after the years of what it is for, beside the others of its sectors.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route, headlines::wanted_instruments};
use crate::{
    encode::{Grid, Value},
    figure::{BeforeAfter, BeforeAfterError, Edition, Indicator, Measured, REGISTERED, beside_each_other, caveat},
    http::{App, Problem, ProblemKind, answer, comparable, parameter::Parameters, selection, unknown},
};

const OWN: [&str; 5] = ["group", "instrument", "indicator", "before", "after"];

pub(super) static ROUTE: Route = Route {
    path: "/v1/before-after",
    operation: "list_before_after",
    summary: [
        "en registrerad grupp före och efter dess år, bredvid alla andra i dess sektorer under samma tid",
        "a registered group before and after its years, beside all others of its sectors over the same time",
    ],
    example: "/v1/before-after?group=registered:storstad-2018&instrument=digital-maturity",
    parameters: &OWN,
    answer: Answer::Table("before_after"),
    handler: || get(get_before_after),
};

async fn get_before_after(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, rows).await
}

fn rows(edition: &Edition, parameters: &Parameters) -> Result<Grid, Problem> {
    let wanted = wanted_instruments(edition, parameters)?;
    let indicators = selection::Ids::read(parameters.get("indicator"));
    let group = group(edition, parameters)?;
    let having =
        edition.instruments().into_iter().filter(|own| wanted.wants(own) && edition.group(own, &group).is_some());
    let Some(instrument) = comparable::one_instrument(&having.collect::<Vec<Arc<str>>>())? else {
        return Err(unknown("group", &group));
    };
    let own: Vec<&Indicator> = edition.indicators.iter().filter(|own| own.instrument == instrument).collect();
    if let Some(id) = indicators.unknown(|id| own.iter().any(|own| &*own.key == id)) {
        return Err(unknown("indicator", id));
    }
    let (before, after) = (year(parameters, "before"), year(parameters, "after"));
    let about = BeforeAfter::settle(edition, &instrument, &group, before, after).map_err(|error| problem(&error))?;
    let mut grid = Grid::new(&[
        "instrument",
        "indicator",
        "group_id",
        "period_from",
        "period_to",
        "year_before",
        "year_after",
        "status",
        "group_before",
        "group_after",
        "group_change",
        "group_organisations_before",
        "group_organisations_after",
        "beside",
        "sectors",
        "beside_before",
        "beside_before_error",
        "beside_after",
        "beside_after_error",
        "beside_change",
        "beside_organisations_before",
        "beside_organisations_after",
        "difference",
        "difference_error",
        "uncertainty",
        "exceeds",
        "sentence_sv",
        "sentence_en",
        "caveat_sv",
        "caveat_en",
    ]);
    let wanted = own.into_iter().filter(|own| indicators.wants(&own.key));
    grid.rows = wanted.map(|own| row(own, &about, &about.measure(edition, own))).collect();
    selection::found(grid, parameters, &OWN)
}

/// The one group asked for.
fn group(edition: &Edition, parameters: &Parameters) -> Result<String, Problem> {
    let asked = match selection::Ids::read(parameters.get("group")) {
        selection::Ids::These(ids) => ids,
        selection::Ids::Every => Vec::new(),
    };
    if let Ok([only]) = <[String; 1]>::try_from(asked) {
        return Ok(only);
    }
    let instruments = edition.instruments();
    let groups = instruments.iter().flat_map(|instrument| edition.groups(instrument));
    let registered = groups.filter(|(_, group)| &*group.kind == REGISTERED).map(|(id, _)| &**id);
    let ids = registered.collect::<BTreeSet<&str>>().into_iter().collect::<Vec<_>>().join(", ");
    Err(Problem::with(
        ProblemKind::InvalidParameter,
        format!("Ange en registrerad grupp med group=ID. Utgåvan har: {ids}."),
        format!("Give one registered group with group=ID. The release has: {ids}."),
    ))
}

fn year(parameters: &Parameters, name: &str) -> Option<i64> {
    parameters.get(name)?.parse().ok()
}

fn row(indicator: &Indicator, about: &BeforeAfter, found: &Measured) -> Vec<Value> {
    let number = |value: Option<f64>| value.map_or(Value::Null, Value::Number);
    let exceeds = found.difference.and_then(|difference| difference.exceeds());
    let (sentence, caveat) = (beside_each_other(about, found), caveat());
    let [before, after] = about.years;
    vec![
        Value::Text(indicator.instrument.clone()),
        Value::Text(indicator.key.clone()),
        Value::text(&about.group),
        Value::whole(about.period.map(|period| period.from)),
        Value::whole(about.period.and_then(|period| period.to)),
        Value::Whole(before),
        Value::Whole(after),
        Value::text(found.status),
        Value::whole(found.group[0]),
        Value::whole(found.group[1]),
        Value::whole(found.group_change),
        Value::Whole(about.group_organisations[0]),
        Value::Whole(about.group_organisations[1]),
        Value::text(about.others.word()),
        Value::text(about.sectors.join(" ")),
        number(found.others[0]),
        number(found.others_error[0]),
        number(found.others[1]),
        number(found.others_error[1]),
        number(found.others_change),
        Value::Whole(about.others_organisations[0]),
        Value::Whole(about.others_organisations[1]),
        number(found.difference.map(|difference| difference.points)),
        number(found.difference_error),
        number(found.difference.and_then(|difference| difference.uncertainty)),
        exceeds.map_or(Value::Null, Value::Flag),
        Value::text(sentence.sv),
        Value::text(sentence.en),
        Value::text(caveat.sv),
        Value::text(caveat.en),
    ]
}

/// Says why there is no before and after, and what to do.
fn problem(error: &BeforeAfterError) -> Problem {
    let invalid = |sv: String, en: String| Problem::with(ProblemKind::InvalidParameter, sv, en);
    match error {
        BeforeAfterError::UnknownGroup(id) => unknown("group", id),
        BeforeAfterError::NotRegistered(id) => invalid(
            format!("{id} är ingen registrerad grupp: välj en som /v1/groups?kind=registered har."),
            format!("{id} is no registered group: choose one that /v1/groups?kind=registered has."),
        ),
        BeforeAfterError::NoPeriod(id) => invalid(
            format!("{id} har inga egna år: ange before= och after=."),
            format!("{id} has no years of its own: give before= and after=."),
        ),
        BeforeAfterError::WrongSide { group, year, is_before, period } => {
            let (side_sv, side_en) = if *is_before { ("före", "before") } else { ("efter", "after") };
            let period = period.text();
            invalid(
                format!("{year} ligger inte {side_sv} gruppens år: {group} har {period}."),
                format!("{year} does not lie {side_en} the years of the group: {group} has {period}."),
            )
        }
        BeforeAfterError::WrongOrder { before, after } => invalid(
            format!("before={before} ska ligga före after={after}."),
            format!("before={before} has to lie before after={after}."),
        ),
        BeforeAfterError::NotShown { missing, shown } => {
            let told = |word: &str| {
                missing.iter().map(|(group, year)| format!("{group} {word}{year}")).collect::<Vec<_>>().join(", ")
            };
            let shown: Vec<String> = shown.iter().map(ToString::to_string).collect();
            let shown = if shown.is_empty() { "–".to_owned() } else { shown.join(", ") };
            Problem::with(
                ProblemKind::NotShown,
                format!("Visas inte: {}. Gruppen visas {shown}; välj bland dem med before= och after=.", told("")),
                format!(
                    "Not shown: {}. The group is shown in {shown}; choose among these with before= and after=.",
                    told("in ")
                ),
            )
        }
        BeforeAfterError::NoOthers(id) => Problem::with(
            ProblemKind::NotShown,
            format!("{id} är alla i sina sektorer, så det finns inga övriga."),
            format!("{id} is everybody in its sectors, so that there are no others."),
        ),
        BeforeAfterError::Break(broken) => comparable::series_break(broken),
    }
}
