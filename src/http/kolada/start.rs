//! `/kolada/v3`: where to go from here, for whoever opens the face without a path.

use axum::{response::Response, routing::get};
use serde_json::{Value, json};

use super::{
    ROUTES, Route,
    answer::{Call, written},
};
use crate::http::{Answer, Problem};

pub(super) static ROUTE: Route = Route {
    path: "/kolada/v3",
    operation: "kolada_get_start",
    summary: ["den här listan", "this list"],
    example: "/kolada/v3/",
    parameters: &[],
    answer: Answer::Json,
    handler: || get(get_start),
};

async fn get_start(call: Call) -> Result<Response, Problem> {
    call.answer(&ROUTE, |_, _| {
        let resources: Vec<Value> = ROUTES
            .iter()
            .map(|route| {
                let summary = json!({ "sv": route.summary[0], "en": route.summary[1] });
                json!({ "path": route.path, "summary": summary, "example": route.example })
            })
            .collect();
        written(&json!({ "service": "mognad", "compatible": "Kolada v3", "resources": resources }))
    })
    .await
}
