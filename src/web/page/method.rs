//! How figures come about and how results are protected, in plain words; the sections are published with each edition.

use askama::Template;

use super::{NoPage, PageKind, Site, instrument_name, text};
use crate::{
    encode::Grid,
    web::{Asked, Shell, Words},
};

pub(super) static PAGE: PageKind =
    PageKind { addresses: super::METHOD, parameters: &[], example: "", is_for_holders: false, make };

#[derive(Debug, Template)]
#[template(path = "method.html", config = "src/web/askama.toml")]
struct Method {
    shell: Shell,
    words: Words,
    instruments: Vec<Instrument>,
    formulas: [String; 4],
    sections: Vec<Section>,
    accessibility: &'static str,
}

/// An instrument.
#[derive(Debug)]
struct Instrument {
    id: String,
    name: String,
    paragraphs: Vec<String>,
    questions: String,
}

/// A section on disclosure control.
#[derive(Debug)]
struct Section {
    id: String,
    title: String,
    paragraphs: Vec<String>,
}

fn make(site: &Site<'_>, asked: &Asked, words: Words) -> Result<String, NoPage> {
    let tag = words.language.tag();
    let table = |name: &'static str| site.edition.grid(name).cloned().unwrap_or_else(|_| Grid::new(&[]));
    let (notes, sections) = (table("notes"), table("method"));
    let instruments = site.edition.instruments().into_iter().map(|id| {
        let own = notes.rows.iter().filter(|row| text(&notes, row, "instrument").as_deref() == Some(&*id));
        Instrument {
            name: instrument_name(site, &id, words),
            paragraphs: own.filter_map(|row| text(&notes, row, &format!("text_{tag}"))).collect(),
            questions: format!("/v1/questions.csv?instrument={id}&limit=1000"),
            id: id.to_string(),
        }
    });
    let sections = sections.rows.iter().map(|row| {
        let of = |column: &str| text(&sections, row, column).unwrap_or_default();
        let body = of(&format!("text_{tag}"));
        Section {
            id: format!("section-{}", of("section")),
            title: of(&format!("title_{tag}")),
            paragraphs: body.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect(),
        }
    });
    let page = Method {
        shell: PAGE.shell(site, asked, words, words.say("place-method")),
        words,
        instruments: instruments.collect(),
        formulas: [
            "method-formula-answer",
            "method-formula-respondent",
            "method-formula-organisation",
            "method-formula-group",
        ]
        .map(|key| words.say(key)),
        sections: sections.collect(),
        accessibility: super::ACCESSIBILITY[super::at(words)],
    };
    Ok(page.render()?)
}
