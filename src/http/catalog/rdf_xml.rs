//! The graph as RDF/XML (<https://www.w3.org/TR/rdf-syntax-grammar/>), which Sweden's data portal reads.

use oxrdfxml::RdfXmlSerializer;

use super::{
    CatalogError,
    graph::{PREFIXES, Thing, triples},
};

pub(super) fn write(things: &[Thing]) -> Result<Vec<u8>, CatalogError> {
    let mut serializer = RdfXmlSerializer::new();
    for (prefix, space) in PREFIXES {
        serializer = serializer.with_prefix(prefix, space)?;
    }
    let mut writer = serializer.for_writer(Vec::new());
    for triple in triples(things)? {
        writer.serialize_triple(&triple)?;
    }
    Ok(writer.finish()?)
}
