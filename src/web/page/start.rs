//! The start page: the headline's sentence, its course towards the target, the categories, who took part and what is new.

use askama::Template;

use super::{NoPage, PageKind, Site, exhibit, instrument, instrument_name, settled};
use crate::{
    figure::{Headline, headlines},
    web::{Asked, Shell, Words},
};

pub(super) static PAGE: PageKind =
    PageKind { addresses: super::START, parameters: &["instrument"], example: "", is_for_holders: false, make };

#[derive(Debug, Template)]
#[template(path = "start.html", config = "src/web/askama.toml")]
struct Start {
    shell: Shell,
    words: Words,
    sentence: String,
    based_on: String,
    /// Sentences on the target.
    pace: Vec<String>,
    /// How the change came about.
    matched: Option<String>,
    exhibits: Vec<String>,
    categories: Vec<String>,
    participation: Vec<String>,
    news: Vec<String>,
    measure: String,
    compare: &'static str,
    editions: &'static str,
    /// Other instruments: address and name.
    others: Vec<(String, String)>,
}

fn make(site: &Site<'_>, asked: &Asked, words: Words) -> Result<String, NoPage> {
    let id = instrument(site, asked)?;
    let edition = site.edition;
    let all = headlines(edition, &id, "all");
    let latest = all.last();
    let first = edition.indicators.iter().find(|own| own.instrument == id).map_or("", |own| &*own.key);
    let key = latest.map_or(first, |headline| headline.indicator.as_str());
    let of = Asked::new([("instrument", &*id), ("indicator", key), ("group", "all")]);
    let draw = |names: &[(&str, &str, &str)]| -> Result<Vec<String>, NoPage> {
        let found = names.iter().map(|(name, choice, value)| exhibit(site, name, &of.with(choice, value), words, 2));
        Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    };
    let page = Start {
        shell: settled(
            PAGE.shell(site, asked, words, words.with("start-title", "instrument", instrument_name(site, &id, words))),
            &PAGE,
            &Asked::new([("instrument", &*id)]),
        ),
        words,
        // an instrument without a headline says what it is
        sentence: latest
            .map_or_else(|| instrument_name(site, &id, words), |headline| words.of(&headline.sentence).to_owned()),
        based_on: latest.map(|headline| based_on(headline, words)).unwrap_or_default(),
        pace: latest.map(|headline| pace(headline, words)).unwrap_or_default(),
        matched: latest.and_then(|headline| matched(headline, words)),
        exhibits: draw(&[("trend", "group", "all")])?,
        categories: draw(&[("categories", "group", "all"), ("small-trends", "group", "all")])?,
        participation: draw(&[("participation", "by", "sector"), ("participation", "by", "county")])?,
        news: news(site, words),
        measure: super::measure::address(&id, key, words),
        compare: super::COMPARE[super::at(words)],
        editions: super::EDITIONS[super::at(words)],
        others: edition
            .instruments()
            .into_iter()
            .filter(|other| *other != id)
            .map(|other| {
                let address = format!("{}?instrument={other}", super::START[super::at(words)]);
                (address, instrument_name(site, &other, words))
            })
            .collect(),
    };
    Ok(page.render()?)
}

/// The year, and from how many answers.
fn based_on(headline: &Headline, words: Words) -> String {
    let year = headline.year.to_string();
    let number = |count: i64| words.number(count as f64);
    match (headline.organisations, headline.respondents) {
        (Some(organisations), Some(respondents)) => words.with_all(
            "start-based-on",
            [
                ("year", year.into()),
                ("organisations", number(organisations).into()),
                ("respondents", number(respondents).into()),
            ],
        ),
        // a survey that organisations answer as one
        (Some(organisations), None) => words.with_all(
            "start-based-on-organisations",
            [("year", year.into()), ("organisations", number(organisations).into())],
        ),
        (None, _) => String::new(),
    }
}

/// The target with the pace that it needs and the pace that there was; how the change came about.
fn pace(headline: &Headline, words: Words) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(target) = &headline.target {
        said.push(words.with_all(
            "start-target",
            [
                ("name", words.of(&target.name).to_owned().into()),
                ("value", words.percent(target.value as f64).into()),
                ("year", target.year.to_string().into()),
            ],
        ));
        // a coded end is no number to reckon from
        let is_number = headline.value_bound.is_none();
        if is_number && target.gap <= 0 {
            said.push(words.say("start-reached"));
            return said;
        }
        if let Some(needed) = target.pace_needed.filter(|_| is_number) {
            said.push(words.with("start-pace-needed", "points", words.points(needed)));
        }
        if let (Some(had), Some(end), true) = (target.pace_had, target.value_at_pace, is_number) {
            said.push(words.with_all(
                "start-pace-had",
                [
                    ("points", words.points(had as f64).into()),
                    ("value", words.percent(end as f64).into()),
                    ("year", target.year.to_string().into()),
                ],
            ));
        }
    }
    said
}

/// How much of the change there was in those who answered in both years.
fn matched(headline: &Headline, words: Words) -> Option<String> {
    Some(words.with_all(
        "start-matched",
        [
            ("matched", words.signed(headline.change_matched? as f64).into()),
            ("composition", words.signed(headline.change_composition? as f64).into()),
            ("organisations", words.number(headline.organisations_matched? as f64).into()),
        ],
    ))
}

/// What this edition is, and which year it brings of each instrument.
fn news(site: &Site<'_>, words: Words) -> Vec<String> {
    let manifest = &site.edition.release.manifest;
    let meta = &site.edition.meta;
    let mut said = vec![words.with_all(
        "start-edition",
        [
            ("number", meta.sequence.to_string().into()),
            ("kind", words.say(&format!("edition-{}", meta.kind)).into()),
            ("day", meta.published_at.get(..10).unwrap_or_default().to_owned().into()),
        ],
    )];
    for (id, year) in &manifest.instruments {
        said.push(words.with_all(
            "start-newest",
            [("instrument", instrument_name(site, id.as_str(), words).into()), ("year", year.to_string().into())],
        ));
    }
    said
}
