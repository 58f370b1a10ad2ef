//! Schemas of answers that are documents and no rows, by operation; each is compared with the answer itself by a test.

use serde_json::{Value, json};

use super::node::Node;

/// The schema of an operation's document.
pub(super) fn of(operation: &str) -> Node {
    match operation {
        "get_health" => object(&json!({ "status": { "type": "string", "const": "ok" } })),
        "get_ready" => object(&json!({ "status": { "type": "string", "const": "ok" }, "release": digest() })),
        "get_api_info" | "get_root_api_info" => api_info(),
        "list_limits" => limits(),
        "get_release" => manifest(),
        _ => json!({ "type": "object" }),
    }
    .into()
}

/// The part of JSON-stat 2.0 (<https://json-stat.org/format/>) that every cube has.
pub(super) fn json_stat() -> Value {
    object(&json!({
        "version": { "type": "string", "const": "2.0" },
        "class": { "type": "string", "const": "dataset" },
        "id": { "type": "array", "items": { "type": "string" } },
        "size": { "type": "array", "items": { "type": "integer" } },
        "dimension": { "type": "object" },
        "value": { "anyOf": [
            { "type": "array", "items": { "type": ["number", "null"] } },
            { "type": "object", "additionalProperties": { "type": "number" } },
        ] },
    }))
}

/// An object all of whose members are always there.
fn object(properties: &Value) -> Value {
    let names: Vec<&String> = properties.as_object().into_iter().flatten().map(|(name, _)| name).collect();
    json!({ "type": "object", "properties": properties, "required": names })
}

fn digest() -> Value {
    json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })
}

fn optional(schema: &Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn text() -> Value {
    json!({ "$ref": "#/components/schemas/Text" })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn map(values: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": values })
}

fn api_info() -> Value {
    let word = json!({ "type": "string" });
    object(&json!({
        "apiName": word,
        "apiVersion": word,
        "apiReleased": { "type": "string", "format": "date" },
        "apiDocumentation": word,
        "apiSpecification": word,
        "apiStatus": word,
        "licence": word,
        "languages": list(&word),
        "formats": list(&object(&json!({ "name": word, "mediaType": word }))),
        "resources": list(&word),
        "compatible": list(&object(&json!({ "name": word, "path": word }))),
        "release": digest(),
        "synthetic": { "type": "boolean" },
    }))
}

fn limits() -> Value {
    let limit = object(&json!({
        "name": { "type": "string" },
        "value": { "type": "integer" },
        "unit": { "type": "string" },
        "text": text(),
    }));
    object(&json!({ "limits": list(&limit) }))
}

fn manifest() -> Value {
    let time = json!({ "type": "string", "format": "date-time" });
    let count = json!({ "type": "integer", "minimum": 0 });
    let table = object(&json!({ "name": { "type": "string" }, "digest": digest(), "bytes": count, "rows": count }));
    object(&json!({
        "release": digest(),
        "sequence": { "type": "integer", "minimum": 1 },
        "kind": { "type": "string", "enum": ["preliminary", "final", "revision"] },
        "supersedes": optional(&digest()),
        "publishedAt": time,
        "embargoUntil": optional(&time),
        "instruments": map(&json!({ "type": "integer" })),
        "synthetic": { "type": "boolean" },
        "policy": { "type": "object" },
        "policyDigest": digest(),
        "methodDigests": map(&digest()),
        "tables": list(&table),
        "madeBy": { "type": "string" },
    }))
}
