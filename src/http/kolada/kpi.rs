//! `/kpi` and `/kpi/{ids}`: every measure of every instrument as a KPI.

use axum::{response::Response, routing::get};
use serde::Serialize;

use super::{
    Index, Route,
    answer::Call,
    asked::{Asked, has_title, positions},
    index::Kpi,
};
use crate::http::{Answer, Problem};

pub(super) static ROUTE: Route = Route {
    path: "/kolada/v3/kpi",
    operation: "kolada_list_kpis",
    summary: ["nyckeltal", "KPIs"],
    example: "/kolada/v3/kpi?title=mognad",
    parameters: &["title", "lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(list_kpis),
};

pub(super) static SOME: Route = Route {
    path: "/kolada/v3/kpi/{kpi_id}",
    operation: "kolada_get_kpis",
    summary: ["vissa nyckeltal", "some KPIs"],
    example: "/kolada/v3/kpi/MA2BE2C6EA9",
    parameters: &["lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(get_kpis),
};

/// A KPI as Kolada describes one.
#[derive(Serialize)]
struct Described<'a> {
    id: &'a str,
    title: &'a str,
    description: &'a str,
    /// Kolada's letter for who is responsible; there is none for a survey.
    auspice: Option<&'a str>,
    operating_area: &'a str,
    perspective: Option<&'a str>,
    municipality_type: &'a str,
    is_divided_by_gender: bool,
    has_ou_data: bool,
    ou_publication_date: Option<&'a str>,
    /// The day of publication of a preliminary release.
    prel_publication_date: Option<&'a str>,
    /// The day of publication of any other.
    publication_date: Option<&'a str>,
    /// The last year with figures.
    publ_period: Option<String>,
}

async fn list_kpis(call: Call) -> Result<Response, Problem> {
    call.answer(&ROUTE, |index, asked| {
        let own = index.kpis.iter().filter(|kpi| has_title(asked, &kpi.title));
        call.page(asked, &own.map(|kpi| described(index, asked, kpi)).collect::<Vec<_>>())
    })
    .await
}

async fn get_kpis(call: Call) -> Result<Response, Problem> {
    call.answer(&SOME, |index, asked| {
        let own = positions(asked, "kpi_id", |id| index.kpi(id))?.unwrap_or_default();
        call.page(asked, &own.into_iter().map(|at| described(index, asked, &index.kpis[at])).collect::<Vec<_>>())
    })
    .await
}

fn described<'a>(index: &'a Index, asked: &Asked, kpi: &'a Kpi) -> Described<'a> {
    let language = asked.language;
    let published = Some(index.published_on.as_str());
    Described {
        id: &kpi.id,
        title: language.of(&kpi.title),
        description: language.of(&kpi.description),
        auspice: None,
        operating_area: language.of(&kpi.operating_area),
        perspective: kpi.perspective.as_ref().map(|text| language.of(text)),
        municipality_type: kpi.municipality_type,
        is_divided_by_gender: false,
        has_ou_data: false,
        ou_publication_date: None,
        prel_publication_date: published.filter(|_| index.is_preliminary),
        publication_date: published.filter(|_| !index.is_preliminary),
        publ_period: kpi.years.last().map(ToString::to_string),
    }
}
