//! An organisation's comparison as a document for a meeting: what its peers look like, what to talk about, and a paragraph for the
//! plan. Spread is told, names of others' results are not.

use std::sync::Arc;

use askama::Template;

use super::{
    NoPage, PageKind, Site, cite,
    compare::{method, sentences, written},
    exhibit, instrument, instrument_name, no_peers, settled,
};
use crate::{
    figure::{Chosen, Method, Peers, Reference, Subject, categories, compare, strengths},
    web::{Asked, Shell, Words, search},
};

pub(super) static PAGE: PageKind = PageKind {
    addresses: super::REPORT,
    parameters: &["organisation", "peers", "instrument", "year", "unit"],
    example: "organisation=municipality-1881&peers=similar:16",
    is_for_holders: true,
    make,
};

#[derive(Debug, Template)]
#[template(path = "report.html", config = "src/web/askama.toml")]
struct Report {
    shell: Shell,
    words: Words,
    lead: String,
    refusal: Option<String>,
    content: Option<Content>,
    has_own: bool,
    /// Reports on units: address and name.
    units: Vec<(String, String)>,
    source: String,
    cite: String,
}

/// The address of a report.
pub(super) fn address(asked: &Asked, words: Words) -> String {
    let [sv, en] = PAGE.addressed(asked);
    if super::at(words) == 0 { sv } else { en }
}

fn make(site: &Site<'_>, asked: &Asked, words: Words) -> Result<String, NoPage> {
    let edition = site.edition;
    let organisation = asked.get("organisation").unwrap_or_default();
    if organisation.is_empty() {
        // whose it is, is chosen where peers are
        return super::compare::choose(site, words);
    }
    let own = search::organisation(edition, organisation)
        .ok_or_else(|| NoPage::Unknown("organisation", organisation.to_owned()))?;
    let id = instrument(site, asked)?;
    let year = asked
        .year(edition, &id)
        .ok_or_else(|| NoPage::Unknown("year", asked.get("year").unwrap_or_default().to_owned()))?;
    let text = asked.get("peers").unwrap_or("similar:16");
    let headline = edition.indicators.iter().find(|own| own.instrument == id && own.headline);
    let key =
        headline.or_else(|| edition.indicators.iter().find(|own| own.instrument == id)).map(|own| own.key.to_string());
    let key = key.unwrap_or_default();
    let mut all =
        asked.with("instrument", &id).with("indicator", &key).with("peers", text).with("year", &year.to_string());
    let chosen = Peers::parse(text).and_then(|peers| peers.choose(edition, &id, year, Some(&own.id)));
    // a unit is told only to whoever has the key
    let sealed: Vec<String> =
        asked.own.as_ref().map(|own| own.units(&id, year)).unwrap_or_default().into_iter().collect();
    // by its place in the list, since an address is seen by many and a unit's name is sealed
    let place = asked.get("unit").and_then(|text| text.parse::<usize>().ok());
    let unit = match (asked.get("unit"), &asked.own) {
        (Some(text), Some(_)) => {
            let found = place.and_then(|place| sealed.get(place.checked_sub(1)?));
            Some(found.map(String::as_str).ok_or_else(|| NoPage::Unknown("unit", text.to_owned()))?)
        }
        _ => None,
    };
    let places = sealed.iter().enumerate();
    let units =
        places.map(|(at, unit)| (address(&all.with("unit", &(at + 1).to_string()), words), unit.clone())).collect();
    if let (Some(unit), Some(own)) = (unit, &asked.own) {
        all.own = Some(Arc::new(own.of_unit(unit)));
    }
    // whoever has no key is told nothing of a unit, not even that it was asked for
    let (asked, all) = if unit.is_some() { (asked.clone(), all) } else { (asked.without("unit"), all.without("unit")) };
    let asked = &asked;
    let title = match unit {
        Some(unit) => {
            words.with_all("report-title-unit", [("name", own.name.clone().into()), ("unit", unit.to_owned().into())])
        }
        None => words.with("report-title", "name", &own.name),
    };
    let name = instrument_name(site, &id, words);
    let (content, refusal) = match &chosen {
        Ok(chosen) => (Some(Content::of(site, &all, (&id, &key, year), chosen, words)?), None),
        Err(error) => (None, Some(no_peers(edition, error, words))),
    };
    let page = Report {
        shell: settled(PAGE.shell(site, asked, words, title), &PAGE, &all),
        words,
        lead: words.with_all("report-lead", [("instrument", name.into()), ("year", year.to_string().into())]),
        refusal,
        content,
        has_own: all.own.as_ref().is_some_and(|own| own.results.get(&id, &key, year).is_some()),
        units,
        source: words.of(&edition.meta.source).to_owned(),
        cite: cite(site, words),
    };
    Ok(page.render()?)
}

/// What the report says of the peers, and of the own results where they are open.
#[derive(Debug)]
struct Content {
    sentences: Vec<String>,
    /// How the figures come about.
    method: Vec<String>,
    exhibits: Vec<String>,
    /// Category: peers' value, the middle half, own value.
    sheet: Vec<[String; 4]>,
    questions: Vec<String>,
    paragraph: String,
}

impl Content {
    fn of(
        site: &Site<'_>,
        all: &Asked,
        (id, key, year): (&str, &str, i64),
        chosen: &Chosen,
        words: Words,
    ) -> Result<Self, NoPage> {
        let edition = site.edition;
        let found = compare(edition, id, key, year, chosen);
        let own = |key: &str| Some(words.percent(all.own.as_ref()?.results.get(id, key, year)?.value));
        let sheet = categories(edition, id).into_iter().map(|category| {
            let found = compare(edition, id, &category.key, year, chosen);
            let middle = found.quartiles.map(|[low, _, high]| format!("{low}–{}", words.percent(high as f64)));
            [
                words.of(&category.name).to_owned(),
                written(&found, words).unwrap_or_else(|| words.say("withheld")),
                middle.unwrap_or_else(|| "–".to_owned()),
                own(&category.key).unwrap_or_default(),
            ]
        });
        let exhibits = ["peers", "peers-categories"].into_iter().map(|chart| exhibit(site, chart, all, words, 2));
        Ok(Self {
            sentences: sentences(&found, chosen, words),
            method: method(edition, id, &found, chosen, words),
            exhibits: exhibits.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect(),
            sheet: sheet.collect(),
            questions: questions(site, all, (id, year), chosen, words),
            paragraph: words.with_all(
                match found.method {
                    Method::Exact => "report-paragraph",
                    Method::BlockMixture => "report-paragraph-typical",
                },
                [
                    ("instrument", instrument_name(site, id, words).into()),
                    ("year", year.to_string().into()),
                    ("peers", written(&found, words).unwrap_or_else(|| "–".to_owned()).into()),
                    ("number", words.number(chosen.members.len() as f64).into()),
                    ("own", own(key).unwrap_or_else(|| "____".to_owned()).into()),
                    ("release", edition.meta.release.short().to_owned().into()),
                ],
            ),
        })
    }
}

/// What to talk about: first where the peers, or with a key the organisation, lie furthest below.
fn questions(site: &Site<'_>, all: &Asked, (id, year): (&str, i64), chosen: &Chosen, words: Words) -> Vec<String> {
    let (subject, reference, first) = match &all.own {
        Some(own) => (Subject::Own(&own.results), Reference::Peers(chosen), "report-question-own-weakest"),
        None => (Subject::Peers(chosen), Reference::OwnMean, "report-question-peers-weakest"),
    };
    let found = strengths(site.edition, id, year, subject, reference);
    let weakest = found.iter().filter(|own| own.is_weakest());
    let weakest: Vec<String> = weakest.map(|own| words.of(&own.indicator.name).to_owned()).collect();
    let first = (!weakest.is_empty()).then(|| words.with(first, "categories", words.list(&weakest)));
    let others = ["report-question-spread", "report-question-roles", "report-question-next"];
    first.into_iter().chain(others.map(|key| words.say(key))).collect()
}
