//! `/municipality_groups` and `/municipality_groups/{ids}`: the published groups, with who counted last.

use axum::{response::Response, routing::get};
use serde::Serialize;

use super::{
    Route,
    answer::Call,
    asked::{Asked, has_title, positions},
    place::{Kind, Place},
};
use crate::http::{Answer, Problem};

pub(super) static ROUTE: Route = Route {
    path: "/kolada/v3/municipality_groups",
    operation: "kolada_list_municipality_groups",
    summary: [
        "publicerade grupper, och vilka som räknades det senaste året som gruppen visas",
        "published groups, and who counted in the last year in which the group is shown",
    ],
    example: "/kolada/v3/municipality_groups?title=pendling",
    parameters: &["title", "lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(list_municipality_groups),
};

pub(super) static SOME: Route = Route {
    path: "/kolada/v3/municipality_groups/{municipality_group_id}",
    operation: "kolada_get_municipality_groups",
    summary: ["vissa grupper", "some groups"],
    example: "/kolada/v3/municipality_groups/G72C48FCAF2",
    parameters: &["lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(get_municipality_groups),
};

/// A group as Kolada writes one.
#[derive(Serialize)]
pub(super) struct Grouped<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) members: Vec<Part<'a>>,
}

/// A member of a group.
#[derive(Serialize)]
pub(super) struct Part<'a> {
    pub(super) member_id: &'a str,
    pub(super) member_title: &'a str,
}

async fn list_municipality_groups(call: Call) -> Result<Response, Problem> {
    call.answer(&ROUTE, |index, asked| {
        let own = index.places.iter().filter(|place| has_title(asked, &place.title));
        call.page(asked, &own.filter_map(|place| grouped(asked, place)).collect::<Vec<_>>())
    })
    .await
}

async fn get_municipality_groups(call: Call) -> Result<Response, Problem> {
    call.answer(&SOME, |index, asked| {
        let at = |id: &str| index.place(id).filter(|at| index.places[*at].region_type() == "group");
        let own = positions(asked, "municipality_group_id", at)?.unwrap_or_default();
        call.page(asked, &own.into_iter().filter_map(|at| grouped(asked, &index.places[at])).collect::<Vec<_>>())
    })
    .await
}

fn grouped<'a>(asked: &Asked, place: &'a Place) -> Option<Grouped<'a>> {
    let Kind::Group { members, .. } = &place.kind else { return None };
    let members = members.iter().map(|own| Part { member_id: &own.id, member_title: &own.title }).collect();
    Some(Grouped { id: &place.id, title: asked.language.of(&place.title), members })
}
