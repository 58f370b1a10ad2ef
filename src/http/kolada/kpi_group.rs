//! `/kpi_groups` and `/kpi_groups/{ids}`: instruments as groups of KPIs.

use axum::{response::Response, routing::get};

use super::{
    Index, Route,
    answer::Call,
    asked::{Asked, has_title, positions},
    group::{Grouped, Part},
    index::KpiGroup,
};
use crate::http::{Answer, Problem};

pub(super) static ROUTE: Route = Route {
    path: "/kolada/v3/kpi_groups",
    operation: "kolada_list_kpi_groups",
    summary: ["instrument som grupper av nyckeltal", "instruments as groups of KPIs"],
    example: "/kolada/v3/kpi_groups",
    parameters: &["title", "lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(list_kpi_groups),
};

pub(super) static SOME: Route = Route {
    path: "/kolada/v3/kpi_groups/{kpi_group_id}",
    operation: "kolada_get_kpi_groups",
    summary: ["vissa instrument", "some instruments"],
    example: "/kolada/v3/kpi_groups/G6E63677DF0",
    parameters: &["lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(get_kpi_groups),
};

async fn list_kpi_groups(call: Call) -> Result<Response, Problem> {
    call.answer(&ROUTE, |index, asked| {
        let own = index.kpi_groups.iter().filter(|group| has_title(asked, &group.title));
        call.page(asked, &own.map(|group| grouped(index, asked, group)).collect::<Vec<_>>())
    })
    .await
}

async fn get_kpi_groups(call: Call) -> Result<Response, Problem> {
    call.answer(&SOME, |index, asked| {
        let at = |id: &str| index.kpi_groups.iter().position(|group| *group.id == *id);
        let own = positions(asked, "kpi_group_id", at)?.unwrap_or_default();
        call.page(asked, &own.into_iter().map(|at| grouped(index, asked, &index.kpi_groups[at])).collect::<Vec<_>>())
    })
    .await
}

fn grouped<'a>(index: &'a Index, asked: &Asked, group: &'a KpiGroup) -> Grouped<'a> {
    let member = |at: &usize| {
        let kpi = &index.kpis[*at];
        Part { member_id: &kpi.id, member_title: asked.language.of(&kpi.title) }
    };
    Grouped {
        id: &group.id,
        title: asked.language.of(&group.title),
        members: group.members.iter().map(member).collect(),
    }
}
