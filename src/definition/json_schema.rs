//! JSON Schema of every kind of definition file, for editors; generated, committed, and compared by a test.

use schemars::schema_for;

use super::{
    Course, CrossTable, Grouping, Mapping, Policy, Publisher, Section, Target,
    described::{ColumnsFile, TableFile},
    instrument::InstrumentFile,
};

/// File name below `schemas/json-schema/` and text of every schema.
pub fn json_schemas() -> Vec<(&'static str, String)> {
    [
        ("column.json", schema_for!(ColumnsFile)),
        ("course.json", schema_for!(Course)),
        ("cross-table.json", schema_for!(CrossTable)),
        ("disclosure.json", schema_for!(Policy)),
        ("grouping.json", schema_for!(Grouping)),
        ("instrument.json", schema_for!(InstrumentFile)),
        ("mapping.json", schema_for!(Mapping)),
        ("method.json", schema_for!(Section)),
        ("publisher.json", schema_for!(Publisher)),
        ("table.json", schema_for!(TableFile)),
        ("target.json", schema_for!(Target)),
    ]
    .into_iter()
    .map(|(name, schema)| (name, serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"))
    .collect()
}
