//! `/codelists/{id}`: a set of a variable's values.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method, Uri},
    response::Response,
    routing::get,
};
use serde_json::json;

use super::{
    PxRoute,
    answer::{self, Made},
    link::{Link, link, segment},
    parameter,
    problem::PxProblem,
    table::Variable,
    valueset::ValueSet,
};
use crate::{
    http::{App, Problem},
    model::Language,
};

pub(super) static ROUTE: PxRoute = PxRoute {
    path: "/pxweb/api/v2/codelists/{id}",
    method: Method::GET,
    operation: "GetCodelistById",
    summary: [
        "en kodlista: grupper av en sort, eller mått på en nivå",
        "a code list: groups of one kind, or measures of one level",
    ],
    example: "/pxweb/api/v2/codelists/vs_figures-digital-maturity_sector",
    content: None,
    parameters: &[&parameter::LANG, &parameter::ID],
    media_types: &["application/json"],
    problems: &[
        PxProblem::UnsupportedLanguage,
        PxProblem::UnknownParameter,
        PxProblem::IllegalParameter,
        PxProblem::NonExistentCodelist,
    ],
    handler: || get(get_codelist_by_id),
};

/// The type of every code list here: a choice of values, none of which is made from others.
pub(super) const TYPE: &str = "Valueset";

/// Where a code list is.
pub(super) fn links(set: &ValueSet, rel: &'static str, language: Language) -> [Link; 1] {
    [link(rel, &format!("codelists/{}", segment(&set.id)), "", language)]
}

async fn get_codelist_by_id(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer::get(&app, &uri, &headers, &ROUTE, |served, asked| {
        let variables = served.pxweb().all().iter().flat_map(|table| &table.variables);
        let found: Option<(&Variable, &ValueSet)> =
            variables.flat_map(|own| own.sets.iter().map(move |set| (own, set))).find(|(_, set)| set.id == id);
        let (variable, set) = found.ok_or(PxProblem::NonExistentCodelist)?;
        let language = asked.language;
        let values: Vec<_> = set
            .members
            .iter()
            .map(|&at| &variable.categories[at])
            .map(|own| json!({ "code": own.code, "label": language.of(&own.name), "valueMap": [own.code] }))
            .collect();
        let body = json!({
            "id": set.id,
            "label": language.of(&set.name),
            "language": language.tag(),
            "languages": Language::ALL.map(Language::tag),
            // none of its values stands for the others
            "elimination": false,
            "type": TYPE,
            "values": values,
            "links": links(set, "self", language),
        });
        Made::json(&body, language)
    })
}
