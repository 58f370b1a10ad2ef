//! `/municipality` and `/municipality/{ids}`: the country, and the municipalities and regions of the register.

use axum::{response::Response, routing::get};
use serde::Serialize;

use super::{
    Index, Route,
    answer::Call,
    asked::{Asked, has_title, invalid, nothing, positions},
    place::Place,
};
use crate::http::{Answer, Problem};

pub(super) static ROUTE: Route = Route {
    path: "/kolada/v3/municipality",
    operation: "kolada_list_municipalities",
    summary: ["riket, regioner och kommuner", "the country, regions and municipalities"],
    example: "/kolada/v3/municipality?type=L",
    parameters: &["title", "type", "region_type", "lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(list_municipalities),
};

pub(super) static SOME: Route = Route {
    path: "/kolada/v3/municipality/{municipality}",
    operation: "kolada_get_municipalities",
    summary: ["vissa av dem", "some of them"],
    example: "/kolada/v3/municipality/0000,1881",
    parameters: &["lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(get_municipalities),
};

/// A municipality as Kolada writes one.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(rename = "type")]
    letter: &'a str,
}

async fn list_municipalities(call: Call) -> Result<Response, Problem> {
    call.answer(&ROUTE, |index, asked| {
        let (letter, region_type) = (asked.one("type"), asked.one("region_type"));
        if region_type == Some("group") {
            return Err(invalid(
                "Grupper finns i /kolada/v3/municipality_groups.",
                "Groups are listed at /kolada/v3/municipality_groups.",
            ));
        }
        let fits = |place: &&Place| {
            (letter.is_none() || letter == place.letter())
                && region_type.is_none_or(|wanted| wanted == place.region_type())
                && has_title(asked, &place.title)
        };
        let own: Vec<_> = index.places.iter().filter(fits).filter_map(|place| listed(asked, place)).collect();
        if own.is_empty() && asked.one("title").is_none() {
            return Err(nothing());
        }
        call.page(asked, &own)
    })
    .await
}

async fn get_municipalities(call: Call) -> Result<Response, Problem> {
    call.answer(&SOME, |index, asked| {
        let own = positions(asked, "municipality", |id| single(index, id))?.unwrap_or_default();
        call.page(asked, &own.into_iter().filter_map(|at| listed(asked, &index.places[at])).collect::<Vec<_>>())
    })
    .await
}

/// The position of the country, a municipality or a region.
pub(super) fn single(index: &Index, id: &str) -> Option<usize> {
    index.place(id).filter(|at| index.places[*at].letter().is_some())
}

fn listed<'a>(asked: &Asked, place: &'a Place) -> Option<Listed<'a>> {
    Some(Listed { id: &place.id, title: asked.language.of(&place.title), letter: place.letter()? })
}
