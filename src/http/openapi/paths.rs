//! Operations of our own resources, one for each entry of the router's list.

use serde_json::json;

use super::{
    node::{Members, Node, member},
    parameters, problems, responses, words,
};
use crate::{
    definition,
    encode::FORMATS,
    http::{Answer, HEADINGS, Heading, Key, Route, heading},
};

/// The headings of the document.
pub(super) fn tags() -> Vec<Node> {
    let tag = |heading: &Heading| -> Node {
        vec![member("name", words::line(heading.name)), member("description", words::both(heading.text))].into()
    };
    let mut headings: Vec<&Heading> = HEADINGS.iter().collect();
    headings.sort_by_key(|heading| heading.name);
    headings.into_iter().map(tag).collect()
}

/// The operation of a resource.
pub(super) fn operation(route: &Route) -> Node {
    let mut listed = parameters::of(route);
    listed.extend(responses::request_headers(route));
    let mut answers: Members = responses::of(route);
    answers.extend(problems::of(&problems::kinds(route)));
    let [sv, en] = route.summary.map(words::capital);
    let mut members = vec![
        member("operationId", route.operation),
        member("tags", json!([words::line(heading(route).name)])),
        member("summary", words::line([&sv, &en])),
        member("description", description(route)),
        member("parameters", listed),
    ];
    match route.key() {
        Some(Key::Needed) => members.push(member("security", json!([{ "key": [] }]))),
        Some(Key::Optional) => members.push(member("security", json!([{}, { "key": [] }]))),
        None => members.push(member("security", json!([]))),
    }
    if route.answer != Answer::Query {
        members.push(member("responses", answers));
        return vec![member("get", members)].into();
    }
    // the same by another method, for queries that do not fit an address
    let mut posted: Members = members.clone();
    posted[0] = member("operationId", format!("{}_by_post", route.operation));
    let by_post = parameters::of(route).into_iter().skip(1).chain([parameters::of_query()]);
    posted[4] = member("parameters", by_post.chain(responses::request_headers(route)).collect::<Vec<_>>());
    posted.push(member("requestBody", parameters::query_body()));
    posted.push(member("responses", answers.clone()));
    if let Some((_, Node::List(listed))) = members.iter_mut().find(|(name, _)| name == "parameters") {
        listed.push(parameters::of_query());
    }
    members.push(member("responses", answers));
    vec![member("get", members), member("post", posted)].into()
}

fn description(route: &Route) -> String {
    let mut said: Vec<[String; 2]> = vec![route.summary.map(|summary| words::capital(summary) + ".")];
    let mut say = |sv: &str, en: &str| said.push([sv.to_owned(), en.to_owned()]);
    if let Some(table) = route.table().and_then(definition::table) {
        let (title, text) = (&table.title, &table.text);
        say(&format!("{}: {}", title.sv, text.sv), &format!("{}: {}", title.en, text.en));
        if table.is_cube() {
            let cubes: Vec<&str> =
                FORMATS.iter().filter(|format| format.is_cube()).map(|format| format.name()).collect();
            let cubes = cubes.join(", ");
            say(
                &format!("Formaten {cubes} rymmer siffror ur ett instrument i taget."),
                &format!("The formats {cubes} hold figures of one instrument at a time."),
            );
        }
        say(
            "Adressen kan också sluta med ett formats namn, som .csv.",
            "The address may also end with the name of a format, such as .csv.",
        );
    }
    match route.answer {
        Answer::Table("comparisons") => say(
            "Utan organisation väljs de jämförda med peers=group:ID eller peers=members:ID,ID. \
             Med organisationens nyckel visas också dess eget värde.",
            "Without an organisation, the peers are chosen by peers=group:ID or peers=members:ID,ID. \
             With the organisation's key, its own value is shown too.",
        ),
        Answer::File => say(
            "Statistikformat rymmer bara tabeller med siffror ur ett instrument.",
            "Statistical formats hold only tables with figures of one instrument.",
        ),
        _ => {}
    }
    let joined = |at: usize| said.iter().map(|own| own[at].as_str()).collect::<Vec<_>>().join(" ");
    words::both([&joined(0), &joined(1)])
}
