//! `/v1/courses`: the publisher's list of courses, by measure, role and day.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route, headlines::wanted_instruments};
use crate::{
    encode::{Grid, Value},
    figure::Edition,
    http::{App, Problem, ProblemKind, answer, parameter::Parameters, selection, unknown},
};

const OWN: [&str; 5] = ["course", "instrument", "indicator", "role", "on"];

pub(super) static ROUTE: Route = Route {
    path: "/v1/courses",
    operation: "list_courses",
    summary: [
        "kurser som utgivaren listar för mått och roller, med de dagar då de ges",
        "courses that the publisher lists for measures and roles, with the days on which they are offered",
    ],
    example: "/v1/courses?instrument=digital-maturity&role=leader",
    parameters: &OWN,
    answer: Answer::Table("courses"),
    handler: || get(list_courses),
};

async fn list_courses(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, rows).await
}

fn rows(edition: &Edition, parameters: &Parameters) -> Result<Grid, Problem> {
    let all = edition.grid("courses").ok().filter(|grid| !grid.rows.is_empty()).ok_or_else(|| {
        Problem::with(ProblemKind::UnknownId, "Utgåvan har ingen kurslista.", "This release has no list of courses.")
    })?;
    let instruments = wanted_instruments(edition, parameters)?;
    let ids = |name: &str| selection::Ids::read(parameters.get(name));
    let (courses, indicators, roles) = (ids("course"), ids("indicator"), ids("role"));
    if let Some(id) = courses.unknown(|id| edition.courses.iter().any(|course| &*course.id == id)) {
        return Err(unknown("course", id));
    }
    let known = |id: &str| edition.indicators.iter().any(|own| &*own.key == id && instruments.wants(&own.instrument));
    if let Some(id) = indicators.unknown(known) {
        return Err(unknown("indicator", id));
    }
    if let Some(id) = roles.unknown(|role| edition.roles(|id| instruments.wants(id)).contains(role)) {
        return Err(unknown("role", id));
    }
    let day = parameters.get("on");
    let wanted = |id: &str| {
        edition.courses.iter().filter(|course| &*course.id == id).any(|course| {
            // a course for a factor is one for the category above it
            let suits = match &indicators {
                selection::Ids::Every => true,
                selection::Ids::These(ids) => ids.iter().any(|id| edition.is_for(course, id)),
            };
            let has_role = match &roles {
                selection::Ids::Every => true,
                selection::Ids::These(roles) => roles.iter().any(|role| course.is_for_role(role)),
            };
            let is_offered = day.is_none_or(|day| course.is_offered_on(day));
            suits && has_role && is_offered
        })
    };
    let grid = all
        .matching("instrument", |id| instruments.wants(id))
        .matching("course", |id| courses.wants(id))
        .matching("course", wanted);
    selection::found(grid, parameters, &OWN)
}

/// Courses as a cell: ids one after the other, and in both languages name, provider and address of each.
pub(super) fn cells<'a>(courses: impl Iterator<Item = &'a crate::figure::Course>) -> [Value; 3] {
    let courses: Vec<_> = courses.collect();
    let cell = |texts: Vec<String>, between: &str| {
        if texts.is_empty() { Value::Null } else { Value::text(texts.join(between)) }
    };
    let named = |name: fn(&crate::figure::Course) -> &str| {
        courses.iter().map(|course| format!("{} ({}), {}", name(course), course.provider, course.url)).collect()
    };
    [
        cell(courses.iter().map(|course| course.id.to_string()).collect(), " "),
        cell(named(|course| &course.name.sv), "; "),
        cell(named(|course| &course.name.en), "; "),
    ]
}
