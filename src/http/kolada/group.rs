//! `/municipality_groups` and `/municipality_groups/{ids}`: the published groups, with who counted last.

use axum::{response::Response, routing::get};
use serde::Serialize;

use super::{
    Index, Route,
    answer::Call,
    asked::{Asked, has_title, positions},
    place::{Kind, Place, members},
};
use crate::{
    figure::Edition,
    http::{Answer, Problem},
};

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
    call.answer_from(&ROUTE, |edition, index, asked| {
        let own = index.places.iter().filter(|place| has_title(asked, &place.title));
        call.page(asked, &own.filter_map(|place| grouped((edition, index), asked, place)).collect::<Vec<_>>())
    })
    .await
}

async fn get_municipality_groups(call: Call) -> Result<Response, Problem> {
    call.answer_from(&SOME, |edition, index, asked| {
        let at = |id: &str| index.place(id).filter(|at| index.places[*at].region_type() == "group");
        let own = positions(asked, "municipality_group_id", at)?.unwrap_or_default();
        let own = own.into_iter().filter_map(|at| grouped((edition, index), asked, &index.places[at]));
        call.page(asked, &own.collect::<Vec<_>>())
    })
    .await
}

fn grouped<'a>((edition, index): (&Edition, &'a Index), asked: &Asked, place: &'a Place) -> Option<Grouped<'a>> {
    let Kind::Group { instrument, group } = &place.kind else { return None };
    let members = members(edition, &index.members, instrument, group)
        .map(|own| Part { member_id: &own.id, member_title: &own.title })
        .collect();
    Some(Grouped { id: &place.id, title: asked.language.of(&place.title), members })
}
