//! The graph as Turtle (<https://www.w3.org/TR/turtle/>), which people read.

use oxttl::TurtleSerializer;

use super::{
    CatalogError,
    graph::{PREFIXES, Thing, triples},
};

pub(super) fn write(things: &[Thing]) -> Result<Vec<u8>, CatalogError> {
    let mut serializer = TurtleSerializer::new();
    for (prefix, space) in PREFIXES {
        serializer = serializer.with_prefix(prefix, space)?;
    }
    let mut writer = serializer.for_writer(Vec::new());
    for triple in triples(things)? {
        writer.serialize_triple(&triple)?;
    }
    Ok(writer.finish()?)
}
