//! A graph of things with names and what is said of them, the part of RDF that a catalogue needs: nothing is without a name, so
//! that portals can tell things apart. What is said is decided in `catalog`, how it is written in the files beside.

use oxrdf::{Literal, NamedNode, Term, Triple, vocab::rdf};

use super::CatalogError;

/// The namespaces that names are shortened by.
pub(super) const PREFIXES: [(&str, &str); 10] = [
    ("adms", "http://www.w3.org/ns/adms#"),
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dcatap", "http://data.europa.eu/r5r/"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("spdx", "http://spdx.org/rdf/terms#"),
    ("vcard", "http://www.w3.org/2006/vcard/ns#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// What is said of a thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Object {
    /// Another thing, by its whole name.
    Thing(String),
    /// A text in a language.
    Text(String, &'static str),
    /// A text without one.
    Plain(String),
    /// A value of a kind, whose name is shortened.
    Typed(String, &'static str),
}

/// A thing with what is said of it.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    /// Its whole name.
    pub(super) name: String,
    /// What it is; shortened.
    pub(super) class: &'static str,
    /// What is said: shortened names, and what they lead to.
    pub(super) said: Vec<(&'static str, Object)>,
}

impl Thing {
    pub(super) fn new(name: impl Into<String>, class: &'static str) -> Self {
        Self { name: name.into(), class, said: Vec::new() }
    }

    pub(super) fn thing(mut self, predicate: &'static str, name: impl Into<String>) -> Self {
        self.said.push((predicate, Object::Thing(name.into())));
        self
    }

    pub(super) fn text(mut self, predicate: &'static str, text: &crate::model::Text) -> Self {
        self.said.push((predicate, Object::Text(text.sv.clone(), "sv")));
        self.said.push((predicate, Object::Text(text.en.clone(), "en")));
        self
    }

    pub(super) fn plain(mut self, predicate: &'static str, text: impl Into<String>) -> Self {
        self.said.push((predicate, Object::Plain(text.into())));
        self
    }

    pub(super) fn typed(mut self, predicate: &'static str, value: impl Into<String>, kind: &'static str) -> Self {
        self.said.push((predicate, Object::Typed(value.into(), kind)));
        self
    }

    pub(super) fn words(mut self, predicate: &'static str, words: &[String], language: &'static str) -> Self {
        self.said.extend(words.iter().map(|word| (predicate, Object::Text(word.clone(), language))));
        self
    }

    /// What is said of it as statements of RDF.
    fn triples(&self) -> Result<Vec<Triple>, CatalogError> {
        let subject = NamedNode::new(&self.name)?;
        let mut triples = vec![Triple::new(subject.clone(), rdf::TYPE, whole(self.class)?)];
        for (predicate, object) in &self.said {
            let object: Term = match object {
                Object::Thing(name) => NamedNode::new(name)?.into(),
                Object::Text(text, language) => Literal::new_language_tagged_literal_unchecked(text, *language).into(),
                Object::Plain(text) => Literal::new_simple_literal(text).into(),
                Object::Typed(value, kind) => Literal::new_typed_literal(value, whole(kind)?).into(),
            };
            triples.push(Triple::new(subject.clone(), whole(predicate)?, object));
        }
        Ok(triples)
    }
}

/// All that is said of things, in their order.
pub(super) fn triples(things: &[Thing]) -> Result<Vec<Triple>, CatalogError> {
    let triples: Vec<Vec<Triple>> = things.iter().map(Thing::triples).collect::<Result<_, _>>()?;
    Ok(triples.concat())
}

/// A shortened name in full.
fn whole(name: &str) -> Result<NamedNode, CatalogError> {
    let (prefix, local) = name.split_once(':').unwrap_or_default();
    let space = PREFIXES.iter().find(|(own, _)| *own == prefix).map_or("", |(_, space)| space);
    Ok(NamedNode::new(format!("{space}{local}"))?)
}
