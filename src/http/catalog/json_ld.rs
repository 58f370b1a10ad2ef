//! The graph as JSON-LD (<https://www.w3.org/TR/json-ld11/>), with shortened names.

use oxjsonld::JsonLdSerializer;
use oxrdf::{GraphNameRef, QuadRef};

use super::{
    CatalogError,
    graph::{PREFIXES, Thing, triples},
};

pub(super) fn write(things: &[Thing]) -> Result<Vec<u8>, CatalogError> {
    let mut serializer = JsonLdSerializer::new();
    for (prefix, space) in PREFIXES {
        serializer = serializer.with_prefix(prefix, space)?;
    }
    let mut writer = serializer.for_writer(Vec::new());
    for triple in triples(things)? {
        let (subject, predicate, object) = (&triple.subject, &triple.predicate, &triple.object);
        writer.serialize_quad(QuadRef::new(subject, predicate, object, GraphNameRef::DefaultGraph))?;
    }
    Ok(writer.finish()?)
}
