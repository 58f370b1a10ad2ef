//! A checker for the part of JSON Schema that our descriptions use; a word that it does not know fails, so that nothing goes unchecked.

use regex::Regex;
use serde_json::Value;

/// Words that say nothing about values.
const WORDS: [&str; 7] = ["description", "default", "x-unit", "example", "examples", "title", "components"];

/// What is wrong with a value, with the place of each fault.
pub(crate) fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(document, schema, value, "", &mut found);
    found
}

fn look(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let mut own = Vec::new();
    let mut fault = |holds: bool, message: String| {
        if !holds {
            own.push(format!("{place}: {message}"));
        }
    };
    for (word, rule) in schema.as_object().unwrap() {
        match word.as_str() {
            "$ref" => {
                let target = document.pointer(&rule.as_str().unwrap()[1..]).unwrap();
                look(document, target, value, place, found);
            }
            "type" => {
                let names: Vec<&str> = match rule {
                    Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
                    name => vec![name.as_str().unwrap()],
                };
                fault(names.iter().any(|name| is(value, name)), format!("{value} is no {names:?}"));
            }
            "const" => fault(value == rule, format!("{value} is not {rule}")),
            "enum" => fault(rule.as_array().unwrap().contains(value), format!("{value} is none of {rule}")),
            "pattern" => {
                if let Some(text) = value.as_str() {
                    let pattern = Regex::new(rule.as_str().unwrap()).unwrap();
                    fault(pattern.is_match(text), format!("{text:?} is not written as {rule}"));
                }
            }
            "format" => {
                if let (Some(text), Some(pattern)) = (value.as_str(), written(rule)) {
                    fault(Regex::new(pattern).unwrap().is_match(text), format!("{text:?} is no {rule}"));
                }
            }
            "minimum" | "maximum" => {
                let (bound, is_least) = (rule.as_f64().unwrap(), word == "minimum");
                let fits = |number: f64| if is_least { number >= bound } else { number <= bound };
                fault(value.as_f64().is_none_or(fits), format!("{value} is beyond the {word} {rule}"));
            }
            "required" => {
                for name in rule.as_array().unwrap().iter().filter_map(Value::as_str) {
                    fault(value.as_object().is_none_or(|own| own.contains_key(name)), format!("{name} is missing"));
                }
            }
            "properties" => {
                for (name, rule) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        look(document, rule, value, &format!("{place}/{name}"), found);
                    }
                }
            }
            "patternProperties" => {
                for (pattern, rule) in rule.as_object().unwrap() {
                    let pattern = Regex::new(pattern).unwrap();
                    for (name, value) in
                        value.as_object().into_iter().flatten().filter(|(name, _)| pattern.is_match(name))
                    {
                        look(document, rule, value, &format!("{place}/{name}"), found);
                    }
                }
            }
            "additionalProperties" if rule == false => {
                for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
                    fault(schema["properties"].get(name).is_some(), format!("{name} has no place here"));
                }
            }
            "additionalProperties" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    look(document, rule, value, &format!("{place}/{name}"), found);
                }
            }
            "items" => {
                for (at, value) in value.as_array().into_iter().flatten().enumerate() {
                    look(document, rule, value, &format!("{place}/{at}"), found);
                }
            }
            "allOf" => {
                for rule in rule.as_array().unwrap() {
                    look(document, rule, value, place, found);
                }
            }
            "anyOf" => {
                let fits = rule.as_array().unwrap().iter().any(|rule| faults(document, rule, value).is_empty());
                fault(fits, format!("{value} is none of {} kinds", rule.as_array().unwrap().len()));
            }
            word => assert!(WORDS.contains(&word), "the checker does not know `{word}`"),
        }
    }
    found.extend(own);
}

/// How texts of a format are written, for formats that can be told by it.
fn written(format: &Value) -> Option<&'static str> {
    match format.as_str().unwrap() {
        "date" => Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        "date-time" => Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$"),
        "uri" => Some("^[a-z]+:"),
        "uri-reference" => None,
        format => panic!("the checker does not know `{format}`"),
    }
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[test]
fn the_checker_finds_faults() {
    let document = serde_json::json!({ "a": { "type": ["integer", "null"], "minimum": 3 } });
    let schema = serde_json::json!({
        "type": "object",
        "required": ["a"],
        "properties": { "a": { "$ref": "#/a" }, "b": { "type": "array", "items": { "enum": ["x"] } } },
        "patternProperties": { "^c[0-9]$": { "type": "string", "pattern": "^y$" } },
    });
    for (value, faulty) in [
        (serde_json::json!({ "a": 3, "b": ["x"], "c1": "y" }), 0),
        (serde_json::json!({ "a": null }), 0),
        (serde_json::json!({ "a": 2 }), 1),
        (serde_json::json!({ "a": 3.5, "b": ["z", "x"] }), 2),
        (serde_json::json!({ "c1": "n" }), 2),
        (serde_json::json!([]), 1),
    ] {
        assert_eq!(faults(&document, &schema, &value).len(), faulty, "{value}");
    }
}
