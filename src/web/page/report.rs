//! An organisation's comparison as a document for a meeting: what its peers look like, what to talk about, and a paragraph for the
//! plan. Spread is told, names of others' results are not.

use std::sync::Arc;

use askama::Template;

use super::{NoPage, PageKind, Site, compare::sentences, exhibit, instrument, instrument_name, no_peers, settled};
use crate::{
    figure::{Peers, Reference, Subject, categories, compare, strengths},
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
    sentences: Vec<String>,
    exhibits: Vec<String>,
    /// Category: peers' value, the middle half, own value.
    sheet: Vec<[String; 4]>,
    has_own: bool,
    /// Reports on units: address and name.
    units: Vec<(String, String)>,
    questions: Vec<String>,
    paragraph: String,
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
    let all = asked.with("instrument", &id).with("indicator", &key).with("peers", text).with("year", &year.to_string());
    let chosen = Peers::parse(text).and_then(|peers| peers.choose(edition, &id, year, Some(&own.id)));
    let name = instrument_name(site, &id, words);
    // a unit is told only to whoever has the key
    let unit = asked.get("unit").filter(|_| asked.own.is_some()).map(str::to_owned);
    let units = asked.own.as_ref().map(|own| own.units(&id, year)).unwrap_or_default();
    let units = units.into_iter().map(|unit| (address(&all.with("unit", &unit), words), unit)).collect();
    let mut of_unit = asked.clone();
    if let (Some(unit), Some(own)) = (&unit, &asked.own) {
        of_unit.own = Some(Arc::new(own.of_unit(unit)));
    }
    let asked = &of_unit;
    let mut all = all;
    all.own.clone_from(&asked.own);
    let title = match &unit {
        Some(unit) => {
            words.with_all("report-title-unit", [("name", own.name.clone().into()), ("unit", unit.clone().into())])
        }
        None => words.with("report-title", "name", &own.name),
    };
    let lead = words.with_all("report-lead", [("instrument", name.clone().into()), ("year", year.to_string().into())]);
    let (meta, publisher) = (&edition.meta, words.of(&site.publisher.name).to_owned());
    let cite = words.with_all(
        "cite",
        [
            ("publisher", publisher.into()),
            ("year", meta.published_at.get(..4).unwrap_or_default().to_owned().into()),
            ("release", meta.release.short().to_owned().into()),
        ],
    );
    let mut page = Report {
        shell: settled(PAGE.shell(site, asked, words, title), &PAGE, &all),
        words,
        lead,
        refusal: None,
        sentences: Vec::new(),
        exhibits: Vec::new(),
        sheet: Vec::new(),
        has_own: asked.own.is_some(),
        units,
        questions: Vec::new(),
        paragraph: String::new(),
        source: words.of(&meta.source).to_owned(),
        cite,
    };
    let chosen = match chosen {
        Ok(chosen) => chosen,
        Err(error) => {
            page.refusal = Some(no_peers(&error, words));
            return Ok(page.render()?);
        }
    };
    let found = compare(edition, &id, &key, year, &chosen);
    page.sentences = sentences(&found, &chosen, words);
    for chart in ["peers", "peers-categories"] {
        page.exhibits.extend(exhibit(site, chart, &all, words, 2)?);
    }
    let own_value = |key: &str| asked.own.as_ref().and_then(|own| own.results.get(&id, key, year)).map(|own| own.value);
    page.sheet = categories(edition, &id)
        .into_iter()
        .map(|category| {
            let found = compare(edition, &id, &category.key, year, &chosen);
            [
                words.of(&category.name).to_owned(),
                found.mean.map_or_else(|| words.say("withheld"), |mean| words.percent(mean as f64)),
                found
                    .quartiles
                    .map_or_else(|| "–".to_owned(), |[low, _, high]| format!("{low}–{}", words.percent(high as f64))),
                own_value(&category.key).map_or_else(String::new, |value| words.percent(value)),
            ]
        })
        .collect();
    // what to talk about first: where the peers, or with a key the organisation, lie furthest below
    let (subject, reference) = match &asked.own {
        Some(own) => (Subject::Own(&own.results), Reference::Peers(&chosen)),
        None => (Subject::Peers(&chosen), Reference::OwnMean),
    };
    let weakest: Vec<String> = strengths(edition, &id, year, subject, reference)
        .iter()
        .filter(|own| own.is_weakest())
        .map(|own| words.of(&own.indicator.name).to_owned())
        .collect();
    if !weakest.is_empty() {
        let list = words.list(&weakest);
        page.questions.push(words.with(
            if asked.own.is_some() { "report-question-own-weakest" } else { "report-question-peers-weakest" },
            "categories",
            list,
        ));
    }
    page.questions
        .extend(["report-question-spread", "report-question-roles", "report-question-next"].map(|key| words.say(key)));
    page.paragraph = words.with_all(
        "report-paragraph",
        [
            ("instrument", name.into()),
            ("year", year.to_string().into()),
            ("peers", found.mean.map_or_else(|| "–".to_owned(), |mean| words.percent(mean as f64)).into()),
            ("count", words.counted("compare-count", chosen.members.len() as i64).into()),
            ("own", own_value(&key).map_or_else(|| "…".to_owned(), |value| words.percent(value)).into()),
            ("release", meta.release.short().to_owned().into()),
        ],
    );
    Ok(page.render()?)
}
