//! What a document says of itself: title, contact, licence, terms and limits.

use serde_json::{Value, json};

use super::{
    node::{Members, Node, member},
    words,
};
use crate::{
    definition::Publisher,
    encode::LICENCE,
    http::{Limits, published},
};

/// Where more is said.
const DOCS: [&str; 2] = [
    "Mer står i [dokumentationen](/docs), också [villkoren](/docs#terms).",
    "The [documentation](/en/docs) says more, the [terms](/en/docs#terms) too.",
];

/// The information of a document.
pub(super) fn of(title: [&str; 2], description: [&str; 2], publisher: &Publisher, limits: &Limits) -> Node {
    let limits: Vec<Value> = published(limits)
        .into_iter()
        .map(|limit| json!({ "name": limit.name, "value": limit.value, "unit": limit.unit, "description": words::both(limit.text) }))
        .collect();
    let contact = &publisher.contact;
    let members: Members = vec![
        member("title", words::line(title)),
        member("version", env!("CARGO_PKG_VERSION")),
        member("summary", words::line([&publisher.data.title.sv, &publisher.data.title.en])),
        member(
            "description",
            words::both([&format!("{} {}", description[0], DOCS[0]), &format!("{} {}", description[1], DOCS[1])]),
        ),
        member(
            "contact",
            json!({
                "name": words::line([&contact.name.sv, &contact.name.en]),
                "url": publisher.homepage,
                "email": contact.email,
            }),
        ),
        member("license", json!({ "name": "CC0 1.0", "url": LICENCE })),
        member("x-limits", Value::from(limits)),
    ];
    members.into()
}
