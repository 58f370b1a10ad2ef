//! A measure: its course, the groups of every kind, the counties, the distribution, how it changed, and how to fetch it.

use askama::Template;

use super::{NoPage, PageKind, Site, SqlPage, exhibit, instrument, instrument_name, settled};
use crate::{
    figure::{Edition, Indicator},
    web::{Asked, Shell, Words},
};

pub(super) static PAGE: PageKind = PageKind {
    addresses: super::MEASURE,
    parameters: &["group", "year"],
    example: "instrument=digital-maturity&indicator=index",
    is_for_holders: false,
    make,
};

/// Kinds of groups, those that people ask for first.
const KINDS: [&str; 5] = ["sector", "skr-group", "size", "branch", "registered"];

/// The figures of the page as a query.
const SQL: &str = "select year, mean, organisations, status
from figures
where instrument = :instrument and indicator = :indicator and group_id = :group
order by year";

#[derive(Debug, Template)]
#[template(path = "measure.html", config = "src/web/askama.toml")]
struct Measure {
    shell: Shell,
    words: Words,
    name: String,
    instrument: String,
    lead: String,
    /// Why a group is not shown, and the larger one that answers for it: its address and name.
    answering: Option<(String, String, String)>,
    /// Measures above and below it: address and name.
    above: Vec<(String, String)>,
    below: Vec<(String, String)>,
    /// What can be chosen: group by kind, with whether it is chosen.
    groups: Vec<(String, Vec<Choice>)>,
    years: Vec<Choice>,
    action: String,
    course: Vec<String>,
    parts: Vec<String>,
    map: Option<String>,
    changes: Vec<[String; 6]>,
    calls: Vec<String>,
    sql: &'static str,
    /// Where the query is run.
    run: String,
}

/// One of several to choose.
#[derive(Debug)]
struct Choice {
    value: String,
    name: String,
    is_chosen: bool,
}

/// The address of a measure's page.
pub(super) fn address(instrument: &str, key: &str, words: Words) -> String {
    let own = Asked::new([("instrument", instrument), ("indicator", key)]);
    let [sv, en] = PAGE.addressed(&own);
    if super::at(words) == 0 { sv } else { en }
}

fn make(site: &Site<'_>, asked: &Asked, words: Words) -> Result<String, NoPage> {
    let edition = site.edition;
    let id = instrument(site, asked)?;
    let key = asked.get("indicator").unwrap_or_default();
    let own = edition.indicator(&id, key).ok_or_else(|| NoPage::Unknown("indicator", key.to_owned()))?;
    let group = asked.get("group").unwrap_or("all");
    let about = edition.group(&id, group).ok_or_else(|| NoPage::Unknown("group", group.to_owned()))?;
    let year = asked
        .year(edition, &id)
        .ok_or_else(|| NoPage::Unknown("year", asked.get("year").unwrap_or_default().to_owned()))?;
    let of = Asked::new([("instrument", &*id), ("indicator", key), ("group", group), ("year", &year.to_string())]);
    let draw = |name: &str, asked: &Asked| exhibit(site, name, asked, words, 2);
    let mut parts = Vec::new();
    for kind in KINDS {
        parts.extend(draw("groups", &of.with("kind", kind))?);
    }
    let link = |own: &Indicator| (address(&id, &own.key, words), words.of(&own.name).to_owned());
    let shown = super::chart::shown(edition.figure(&id, key, group, year).as_ref());
    let answering = edition.figure(&id, key, group, year).and_then(|figure| {
        let with = figure.answers_with.as_deref()?;
        let value = super::chart::shown(edition.figure(&id, key, with, year).as_ref()).text(words);
        let name = words.of(&edition.group(&id, with)?.name).to_owned();
        let [sv, en] = PAGE.addressed(&of.with("group", with));
        let said = [("group", words.of(&about.name).to_owned().into()), ("value", value.into())];
        let address = if super::at(words) == 0 { sv } else { en };
        Some((words.with_all("measure-answered", said), address, name))
    });
    let title = words.with_all(
        "measure-title",
        [
            ("measure", words.of(&own.name).to_owned().into()),
            ("group", words.of(&about.name).to_owned().into()),
            ("year", year.to_string().into()),
            ("instrument", instrument_name(site, &id, words).into()),
        ],
    );
    // changes are told within a series
    let first = edition.earlier_in_series(&id, year).last().copied().unwrap_or(year);
    let page = Measure {
        shell: settled(PAGE.shell(site, asked, words, title), &PAGE, &of),
        words,
        name: words.of(&own.name).to_owned(),
        instrument: instrument_name(site, &id, words),
        lead: words.with_all(
            "measure-lead",
            [
                ("group", words.of(&about.name).to_owned().into()),
                ("year", year.to_string().into()),
                ("value", shown.text(words).into()),
            ],
        ),
        answering,
        above: above(edition, own).into_iter().map(link).collect(),
        below: edition
            .indicators
            .iter()
            .filter(|other| other.instrument == id && other.parent.as_ref() == Some(&own.key))
            .map(link)
            .collect(),
        groups: groups(edition, &id, group, words),
        years: edition
            .membership
            .years(&id)
            .into_iter()
            .rev()
            .map(|other| Choice { value: other.to_string(), name: other.to_string(), is_chosen: other == year })
            .collect(),
        action: address(&id, key, words),
        course: [draw("trend", &of)?, draw("distribution", &of)?].into_iter().flatten().collect(),
        parts,
        map: draw("counties", &of)?,
        changes: changes(edition, &id, key, group, words),
        calls: vec![
            format!("/v1/figures?instrument={id}&indicator={key}&group={group}&year={year}"),
            format!("/v1/changes?instrument={id}&indicator={key}&group={group}&year={first}-{year}"),
            format!("/v1/distributions?instrument={id}&indicator={key}&group={group}&year={year}"),
        ],
        sql: SQL,
        run: SqlPage::address(words, SQL, &[("instrument", &*id), ("indicator", key), ("group", group)]),
    };
    Ok(page.render()?)
}

/// The measures above one, the uppermost first.
fn above<'a>(edition: &'a Edition, own: &Indicator) -> Vec<&'a Indicator> {
    let mut found = Vec::new();
    let mut parent = own.parent.as_ref();
    while let Some(next) = parent.and_then(|key| edition.indicator(&own.instrument, key)) {
        found.push(next);
        parent = next.parent.as_ref();
    }
    found.reverse();
    found
}

/// All groups by the name of their kind.
fn groups(edition: &Edition, instrument: &str, chosen: &str, words: Words) -> Vec<(String, Vec<Choice>)> {
    let mut found: Vec<(String, Vec<Choice>)> = Vec::new();
    for kind in ["all", "sector", "skr-main-group", "skr-group", "size", "county", "branch", "registered"] {
        let own: Vec<Choice> = edition
            .groups(instrument)
            .filter(|(_, group)| &*group.kind == kind)
            .map(|(id, group)| Choice {
                value: id.to_string(),
                name: words.of(&group.name).to_owned(),
                is_chosen: &**id == chosen,
            })
            .collect();
        if !own.is_empty() {
            found.push((words.say(&format!("kind-{kind}")), own));
        }
    }
    found
}

/// Changes by year: published, within the same organisations, from who took part, organisations in both years, value.
fn changes(edition: &Edition, instrument: &str, key: &str, group: &str, words: Words) -> Vec<[String; 6]> {
    let signed = |points: Option<i64>| points.map_or_else(|| "–".to_owned(), |points| words.signed(points as f64));
    edition
        .series(instrument, key, group)
        .map(|figure| {
            let change = edition.change(&figure);
            let both = change.as_ref().and_then(|change| change.organisations_matched);
            [
                figure.year.to_string(),
                super::chart::shown(Some(&figure)).text(words),
                signed(change.as_ref().and_then(|change| change.change)),
                signed(change.as_ref().and_then(|change| change.matched)),
                signed(change.as_ref().and_then(|change| change.composition)),
                both.map_or_else(|| "–".to_owned(), |both| words.number(both as f64)),
            ]
        })
        .collect()
}
