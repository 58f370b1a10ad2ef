//! The published tables as a catalogue for data portals, after DCAT-AP-SE 3 (<https://docs.dataportal.se/dcat/3.0.1/sv/>): one
//! graph, and a list of the ways to write it. Portals harvest it as it is, so nothing in it is without a name.
//!
//! Each table is a dataset, since a dataset's distributions have to hold the same data, and all of them are one series, so that
//! whoever finds one finds the others.

mod graph;
mod json_ld;
mod rdf_xml;
mod turtle;

use std::cmp::Reverse;

use mediatype::{MediaType, MediaTypeList, ReadParams as _, names::_STAR, names::Q};

use graph::Thing;

use super::{ROUTES, Route};
use crate::{
    definition::{self, Publisher, PublisherKind, TableText},
    encode::{FORMATS, Format, Value},
    figure::Edition,
    model::Text,
    release::TableEntry,
};

/// A way to write the catalogue.
#[derive(Debug)]
pub(super) struct Serialisation {
    /// Its name in `?format=`, and the end of an address that asks for it.
    pub(super) name: &'static str,
    /// Its media type.
    pub(super) media_type: &'static str,
    write: fn(&[Thing]) -> Result<Vec<u8>, CatalogError>,
}

/// Their media types, in the order of [`SERIALISATIONS`].
pub(super) const MEDIA_TYPES: &[&str] = &["application/rdf+xml", "text/turtle", "application/ld+json"];

/// Every way. The first is the one that Sweden's data portal reads, which asks for none.
pub(super) static SERIALISATIONS: [Serialisation; 3] = [
    Serialisation { name: "rdf", media_type: MEDIA_TYPES[0], write: rdf_xml::write },
    Serialisation { name: "ttl", media_type: MEDIA_TYPES[1], write: turtle::write },
    Serialisation { name: "jsonld", media_type: MEDIA_TYPES[2], write: json_ld::write },
];

/// The way of a name.
pub(super) fn named(name: &str) -> Option<&'static Serialisation> {
    SERIALISATIONS.iter().find(|own| own.name == name)
}

/// The way that a client accepts best.
pub(super) fn accepted(accept: Option<&str>) -> Option<&'static Serialisation> {
    let Some(accept) = accept.filter(|text| !text.trim().is_empty()) else { return SERIALISATIONS.first() };
    let ranges: Vec<MediaType<'_>> = MediaTypeList::new(accept).filter_map(Result::ok).collect();
    let best = SERIALISATIONS.iter().enumerate().filter_map(|(at, own)| {
        let media = MediaType::parse(own.media_type).ok()?;
        // of ranges that fit, the closest says how welcome it is
        let closeness = |range: &MediaType<'_>| match range {
            range if range.ty == media.ty && range.subty == media.subty && range.suffix == media.suffix => Some(2),
            range if range.ty == media.ty && range.subty == _STAR => Some(1),
            range => (range.ty == _STAR && range.subty == _STAR).then_some(0),
        };
        let closest = ranges.iter().filter_map(|range| Some((closeness(range)?, range))).max_by_key(|(near, _)| *near);
        let quality = closest?.1.get_param(Q).map_or(Some(1.0), |value| value.as_str().parse::<f32>().ok())?;
        (quality > 0.0).then_some(((quality * 1000.0) as u32, Reverse(at), own))
    });
    best.max_by_key(|(quality, at, _)| (*quality, *at)).map(|(_, _, own)| own)
}

/// Writes the catalogue of an edition at an address.
pub(super) fn write(
    serialisation: &Serialisation,
    edition: &Edition,
    publisher: &Publisher,
    base: &str,
) -> Result<Vec<u8>, CatalogError> {
    (serialisation.write)(&Catalog { edition, publisher, base }.things())
}

/// Why a catalogue cannot be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum CatalogError {
    /// What should be the name of a thing is none: a base address or a publisher's address is wrong.
    #[error("a name in the catalogue is no IRI: {0}; look at --base-url and at the publisher's addresses")]
    Name(#[from] oxrdf::IriParseError),
    /// It could not be written.
    #[error("the catalogue cannot be written: {0}")]
    Write(#[from] std::io::Error),
}

const LANGUAGES: [&str; 2] = [
    "http://publications.europa.eu/resource/authority/language/SWE",
    "http://publications.europa.eu/resource/authority/language/ENG",
];
const THEMES: &str = "http://publications.europa.eu/resource/authority/data-theme";
const GOVERNMENT: &str = "http://publications.europa.eu/resource/authority/data-theme/GOVE";
const SWEDEN: &str = "http://publications.europa.eu/resource/authority/country/SWE";
const PUBLIC: &str = "http://publications.europa.eu/resource/authority/access-right/PUBLIC";
const ANNUAL: &str = "http://publications.europa.eu/resource/authority/frequency/ANNUAL";
const STABLE: &str = "http://publications.europa.eu/resource/authority/planned-availability/STABLE";
/// CC0 as portals know it: never with `https` (DCAT-AP-SE, on identifiers).
const LICENCE: &str = "http://creativecommons.org/publicdomain/zero/1.0/";
const SHA256: &str = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256";
const OPENAPI: &str = "https://spec.openapis.org/oas/v3.1.0";

struct Catalog<'a> {
    edition: &'a Edition,
    publisher: &'a Publisher,
    base: &'a str,
}

impl Catalog<'_> {
    /// The name of a thing of ours.
    fn name(&self, local: &str) -> String {
        format!("{}/v1/catalog#{local}", self.base)
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn table_name(&self, table: &TableText) -> String {
        self.name(&format!("table-{}", table.id))
    }

    /// The name by which portals know the publisher.
    fn publisher_name(&self) -> String {
        let number = self.publisher.number.as_ref();
        number.map_or_else(|| self.name("publisher"), |number| format!("http://dataportal.se/organisation/SE{number}"))
    }

    fn things(&self) -> Vec<Thing> {
        let manifest = &self.edition.release.manifest;
        // a table that this version of the program does not know is a file without words
        let tables: Vec<(&TableText, &TableEntry)> = manifest
            .tables
            .iter()
            .filter_map(|entry| Some((definition::table(&entry.name).filter(|text| text.published)?, entry)))
            .collect();
        let mut things = vec![self.catalog(&tables), self.agent(), self.contact(), self.service(&tables)];
        things.extend(self.period());
        things.push(self.provenance());
        things.push(self.series());
        for (text, entry) in tables {
            things.extend(self.dataset(text, entry));
        }
        things
    }

    fn catalog(&self, tables: &[(&TableText, &TableEntry)]) -> Thing {
        let mut catalog = Thing::new(self.name("catalog"), "dcat:Catalog")
            .text("dcterms:title", &self.publisher.data.title)
            .text("dcterms:description", &self.publisher.data.text)
            .thing("dcterms:publisher", self.publisher_name())
            .thing("dcterms:license", LICENCE)
            .thing("dcat:themeTaxonomy", THEMES)
            .thing("dcterms:spatial", SWEDEN)
            .thing("foaf:homepage", self.address("/docs"));
        for language in LANGUAGES {
            catalog = catalog.thing("dcterms:language", language);
        }
        catalog = self.dated(catalog).thing("dcat:dataset", self.name("series"));
        for (table, _) in tables {
            catalog = catalog.thing("dcat:dataset", self.table_name(table));
        }
        catalog
    }

    /// When the data were first given out, and when last.
    fn dated(&self, thing: Thing) -> Thing {
        let first = self.edition.grid("releases").ok().and_then(|grid| {
            let at = grid.position("published_at")?;
            let times =
                grid.rows.iter().filter_map(|row| if let Value::Text(time) = &row[at] { Some(time) } else { None });
            times.min().map(ToString::to_string)
        });
        let last = &self.edition.meta.published_at;
        thing.typed("dcterms:issued", first.as_ref().unwrap_or(last).as_str(), "xsd:dateTime").typed(
            "dcterms:modified",
            last.as_str(),
            "xsd:dateTime",
        )
    }

    fn agent(&self) -> Thing {
        let kind = match self.publisher.kind {
            PublisherKind::LocalAuthority => "LocalAuthority",
            PublisherKind::RegionalAuthority => "RegionalAuthority",
            PublisherKind::NationalAuthority => "NationalAuthority",
            PublisherKind::NonProfitOrganisation => "NonProfitOrganisation",
            PublisherKind::AcademiaScientificOrganisation => "Academia-ScientificOrganisation",
            PublisherKind::Company => "Company",
        };
        Thing::new(self.publisher_name(), "foaf:Agent")
            .text("foaf:name", &self.publisher.name)
            .thing("dcterms:type", format!("http://purl.org/adms/publishertype/{kind}"))
            .thing("foaf:homepage", &self.publisher.homepage)
    }

    fn contact(&self) -> Thing {
        let contact = &self.publisher.contact;
        Thing::new(self.name("contact"), "vcard:Organization")
            .text("vcard:fn", &contact.name)
            .thing("vcard:hasEmail", format!("mailto:{}", contact.email))
    }

    fn service(&self, tables: &[(&TableText, &TableEntry)]) -> Thing {
        let data = &self.publisher.data.title;
        let title = Text::new(format!("API: {}", data.sv), format!("API: {}", data.en));
        let text = Text::new(
            "Alla tabeller rad för rad med urval, i flera format; följer den nationella profilen för REST-API:er.",
            "All tables row by row with selections, in several formats; follows Sweden's national profile for REST APIs.",
        );
        let mut service = Thing::new(self.name("api"), "dcat:DataService")
            .text("dcterms:title", &title)
            .text("dcterms:description", &text)
            .thing("dcat:endpointURL", self.address("/v1"))
            .thing("dcat:endpointDescription", self.address("/v1/openapi.json"))
            .thing("dcterms:conformsTo", OPENAPI)
            .thing("dcat:landingPage", self.address("/docs"))
            .thing("dcterms:publisher", self.publisher_name())
            .thing("dcat:contactPoint", self.name("contact"))
            .thing("dcterms:license", LICENCE)
            .thing("dcterms:accessRights", PUBLIC)
            .thing("dcat:theme", GOVERNMENT);
        for (table, _) in tables.iter().filter(|(table, _)| route(table).is_some()) {
            service = service.thing("dcat:servesDataset", self.table_name(table));
        }
        service
    }

    /// The years that the data are about. They go on, so there is no end.
    fn period(&self) -> Option<Thing> {
        let first = self.edition.first_year()?;
        let period = Thing::new(self.name("period"), "dcterms:PeriodOfTime");
        Some(period.typed("dcat:startDate", format!("{first:04}-01-01"), "xsd:date"))
    }

    fn provenance(&self) -> Thing {
        let made = Text::new(
            "Beräknad ur organisationers självskattningar och skyddad mot röjande innan den gavs ut; se /v1/method.",
            "Computed from organisations' self-assessments, and protected against disclosure before it was published; see /v1/method.",
        );
        let told = self.edition.meta.notice.as_ref().map_or(made.clone(), |notice| {
            Text::new(format!("{} {}", notice.sv, made.sv), format!("{} {}", notice.en, made.en))
        });
        Thing::new(self.name("provenance"), "dcterms:ProvenanceStatement").text("rdfs:label", &told)
    }

    /// What is said of the series and of each of its datasets.
    fn common(&self, thing: Thing) -> Thing {
        let words = &self.publisher.data.keywords;
        let thing = self
            .dated(thing)
            .thing("dcterms:publisher", self.publisher_name())
            .thing("dcat:contactPoint", self.name("contact"))
            .words("dcat:keyword", &words.sv, "sv")
            .words("dcat:keyword", &words.en, "en")
            .thing("dcat:theme", GOVERNMENT)
            .thing("dcterms:accrualPeriodicity", ANNUAL)
            .thing("dcterms:spatial", SWEDEN)
            .thing("dcterms:accessRights", PUBLIC)
            .thing("dcterms:provenance", self.name("provenance"));
        let thing = if self.period().is_some() { thing.thing("dcterms:temporal", self.name("period")) } else { thing };
        LANGUAGES.into_iter().fold(thing, |thing, language| thing.thing("dcterms:language", language))
    }

    fn series(&self) -> Thing {
        let data = &self.publisher.data;
        let series = Thing::new(self.name("series"), "dcat:DatasetSeries")
            .text("dcterms:title", &data.title)
            .text("dcterms:description", &data.text)
            .thing("dcat:landingPage", self.address("/docs"));
        self.common(series)
    }

    /// A table, its description, its files and where it can be asked for row by row.
    fn dataset(&self, table: &TableText, entry: &TableEntry) -> Vec<Thing> {
        let (name, data) = (self.table_name(table), &self.publisher.data);
        let lower = |text: &str| {
            text.chars().take(1).flat_map(char::to_lowercase).chain(text.chars().skip(1)).collect::<String>()
        };
        let title = Text::new(
            format!("{}: {}", data.title.sv, lower(&table.title.sv)),
            format!("{}: {}", data.title.en, lower(&table.title.en)),
        );
        let text =
            Text::new(format!("{} {}", table.text.sv, data.text.sv), format!("{} {}", table.text.en, data.text.en));
        let described = self.address(&format!("/v1/tables/{}", table.id));
        let mut dataset = Thing::new(&name, "dcat:Dataset")
            .text("dcterms:title", &title)
            .text("dcterms:description", &text)
            .plain("dcterms:identifier", &name)
            .plain("dcat:version", self.edition.meta.release.short())
            .thing("dcat:inSeries", self.name("series"))
            .thing("dcat:landingPage", self.address(&format!("/docs#table-{}", table.id)))
            .thing("dcterms:conformsTo", &described);
        dataset = self.common(dataset);
        let standard = Text::new(format!("Kolumner i {}", table.title.sv), format!("Columns of {}", table.title.en));
        let mut things = vec![Thing::new(described, "dcterms:Standard").text("dcterms:title", &standard)];
        for format in FORMATS.iter().filter(|format| self.is_whole_in(**format, table)) {
            let file = self.file(table, entry, *format);
            dataset = dataset.thing("dcat:distribution", &file[0].name);
            things.extend(file);
        }
        if let Some(route) = route(table) {
            let access = self.row_by_row(table, route);
            dataset = dataset.thing("dcat:distribution", &access.name);
            things.push(access);
        }
        things.insert(0, dataset);
        things
    }

    /// Whether a format holds the whole table: figures of several instruments are no cube.
    fn is_whole_in(&self, format: &dyn Format, table: &TableText) -> bool {
        !format.is_cube() || (table.is_cube() && self.edition.instruments().len() == 1)
    }

    /// A table as a file, and the digest of the file where it is known.
    fn file(&self, table: &TableText, entry: &TableEntry, format: &dyn Format) -> Vec<Thing> {
        let name = format!("{}-{}", self.table_name(table), format.name());
        let release = &self.edition.meta.release;
        let address = self.address(&format!("/v1/files/{release}/{}.{}", table.id, format.name()));
        let title = Text::new(
            format!("{} som {}", table.title.sv, format.name()),
            format!("{} as {}", table.title.en, format.name()),
        );
        let essence = format.media_type().split(';').next().unwrap_or_default();
        let mut file = Thing::new(&name, "dcat:Distribution")
            .text("dcterms:title", &title)
            .text("dcterms:description", &table.text)
            .thing("dcat:accessURL", &address)
            .thing("dcat:downloadURL", &address)
            .plain("dcterms:format", essence)
            .thing("dcterms:license", LICENCE)
            .thing("dcatap:availability", STABLE)
            .typed("dcterms:modified", self.edition.meta.published_at.as_str(), "xsd:dateTime");
        // media types of statistical formats are not registered
        if !format.is_cube() {
            file = file.thing("dcat:mediaType", media_type(essence));
        }
        // the one file that the release itself consists of; others are written when they are asked for
        if format.name() != "parquet" {
            return vec![file];
        }
        let checksum = format!("{name}-checksum");
        file = file
            .typed("dcat:byteSize", entry.bytes.to_string(), "xsd:nonNegativeInteger")
            .thing("spdx:checksum", &checksum);
        let checksum = Thing::new(checksum, "spdx:Checksum").thing("spdx:algorithm", SHA256).typed(
            "spdx:checksumValue",
            entry.digest.as_str(),
            "xsd:hexBinary",
        );
        vec![file, checksum]
    }

    /// A table as the API gives it.
    fn row_by_row(&self, table: &TableText, route: &Route) -> Thing {
        let title = Text::new(format!("{} ur API:et", table.title.sv), format!("{} from the API", table.title.en));
        Thing::new(self.table_name(table) + "-api", "dcat:Distribution")
            .text("dcterms:title", &title)
            .text("dcterms:description", &table.text)
            .thing("dcat:accessURL", self.address(route.path))
            .thing("dcat:accessService", self.name("api"))
            .plain("dcterms:format", "application/json")
            .thing("dcat:mediaType", media_type("application/json"))
            .thing("dcterms:license", LICENCE)
            .thing("dcatap:availability", STABLE)
    }
}

/// The resource that gives a table's rows.
fn route(table: &TableText) -> Option<&'static Route> {
    ROUTES.iter().copied().find(|route| route.table() == Some(table.id.as_str()) && !route.path.contains('{'))
}

/// A media type as a name.
fn media_type(essence: &str) -> String {
    format!("https://www.iana.org/assignments/media-types/{essence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_accepted_best_is_given() {
        let check = |accept: Option<&str>, expected: Option<&str>| {
            assert_eq!(accepted(accept).map(|own| own.name), expected, "{accept:?}");
        };
        check(None, Some("rdf"));
        check(Some("*/*"), Some("rdf"));
        check(Some("text/turtle"), Some("ttl"));
        check(Some("text/*"), Some("ttl"));
        check(Some("application/*;q=0.5, text/turtle;q=0.2"), Some("rdf"));
        check(Some("application/ld+json, */*;q=0.1"), Some("jsonld"));
        check(Some("text/turtle;q=0, */*"), Some("rdf"));
        check(Some("application/ld+json;q=0.9, text/turtle;q=0.9"), Some("ttl"));
        check(Some("text/html"), None);
        check(Some("application/json"), None);
    }
}
