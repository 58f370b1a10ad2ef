//! All measures of the edition as trees, with their latest value.

use askama::Template;

use super::{NoPage, PageKind, Site, instrument_name};
use crate::{
    figure::Indicator,
    web::{Asked, Shell, Words},
};

pub(super) static PAGE: PageKind =
    PageKind { addresses: super::MEASURES, parameters: &[], example: "", is_for_holders: false, make };

#[derive(Debug, Template)]
#[template(path = "measures.html", config = "src/web/askama.toml")]
struct Measures {
    shell: Shell,
    words: Words,
    instruments: Vec<Tree>,
}

/// An instrument's measures.
#[derive(Debug)]
struct Tree {
    id: String,
    name: String,
    caption: String,
    measures: Vec<Listed>,
}

/// A measure with its place in the tree.
#[derive(Debug)]
struct Listed {
    depth: usize,
    address: String,
    name: String,
    level: String,
    value: String,
}

fn make(site: &Site<'_>, asked: &Asked, words: Words) -> Result<String, NoPage> {
    let edition = site.edition;
    let instruments = edition.instruments().into_iter().map(|id| {
        let year = edition.membership.years(&id).last().copied();
        let own: Vec<&Indicator> = edition.indicators.iter().filter(|own| own.instrument == id).collect();
        let measures = own.iter().map(|measure| {
            let figure = year.and_then(|year| edition.figure(&id, &measure.key, "all", year));
            Listed {
                depth: depth(&own, measure),
                address: super::measure::address(&id, &measure.key, words),
                name: words.of(&measure.name).to_owned(),
                level: edition
                    .names
                    .of(None, "level", &measure.level)
                    .map_or_else(String::new, |name| words.of(name).to_owned()),
                value: super::chart::shown(figure.as_ref()).text(words),
            }
        });
        let name = instrument_name(site, &id, words);
        let year = year.map(|year| year.to_string()).unwrap_or_default();
        Tree {
            caption: words.with_all("measures-caption", [("instrument", name.clone().into()), ("year", year.into())]),
            name,
            measures: measures.collect(),
            id: id.to_string(),
        }
    });
    let page = Measures {
        shell: PAGE.shell(site, asked, words, words.say("place-measures")),
        words,
        instruments: instruments.collect(),
    };
    Ok(page.render()?)
}

/// How many measures lie above one.
fn depth(all: &[&Indicator], measure: &Indicator) -> usize {
    let parent = measure.parent.as_ref().and_then(|parent| all.iter().find(|own| own.key == *parent));
    // the definitions are trees, which reading them checks
    parent.map_or(0, |parent| 1 + depth(all, parent))
}
