//! JSON-stat 2.0 (json-stat.org/full): a cube as one dataset, with a status for each value that needs one.

use std::io::Write;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value, json};

use super::{Category, Cell, Cube, Dimension, Document, EncodeError, Format, LICENCE, Meta, Role};
use crate::model::{Bound, Language, Status};

/// The JSON-stat format.
#[derive(Debug)]
pub(super) struct JsonStat;

impl Format for JsonStat {
    fn name(&self) -> &'static str {
        "json-stat"
    }

    /// Its name in `PxWeb`.
    fn other_names(&self) -> &'static [&'static str] {
        &["json-stat2"]
    }

    /// JSON-stat has no media type of its own; a profile (RFC 6906) tells it from the default JSON.
    fn media_type(&self) -> &'static str {
        "application/json;profile=\"https://json-stat.org/format/\""
    }

    fn content_type(&self) -> &'static str {
        "application/json; profile=\"https://json-stat.org/format/\""
    }

    fn extension(&self) -> &'static str {
        "json"
    }

    fn is_in_one_language(&self) -> bool {
        true
    }

    fn is_cube(&self) -> bool {
        true
    }

    fn write(&self, document: &Document, out: &mut dyn Write) -> Result<(), EncodeError> {
        let cube = Cube::of(document)?;
        let language = document.language;
        let mut dataset = Dataset::new(&cube, &document.meta, language, word);
        dataset.note(language.of(&document.table.text));
        dataset.write(out)
    }
}

/// The word of a status that has to be told; a value like any other needs none.
fn word(cell: &Cell) -> Option<&'static str> {
    (cell.status != Status::Ok).then(|| cell.status.word())
}

/// A cube as a dataset. Its members can be added to before it is written; values are written from the cube.
#[derive(Debug)]
pub struct Dataset<'a> {
    /// All members but `value` and `status`.
    pub members: Map<String, Value>,
    cube: &'a Cube,
    status: fn(&Cell) -> Option<&'static str>,
}

/// The members in the order in which they are written; others follow, and values stand last.
const ORDER: [&str; 10] = ["version", "class", "label", "source", "updated", "note", "id", "size", "role", "dimension"];

impl<'a> Dataset<'a> {
    /// The dataset of a cube in one language. `status` says what stands in `status` for a cell, if anything.
    pub fn new(cube: &'a Cube, meta: &Meta, language: Language, status: fn(&Cell) -> Option<&'static str>) -> Self {
        let mut members = Map::new();
        let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
        set("version", json!("2.0"));
        set("class", json!("dataset"));
        set("label", json!(language.of(&cube.title)));
        set("source", json!(language.of(&meta.source)));
        set("updated", json!(meta.published_at));
        if !cube.notes.is_empty() {
            set("note", cube.notes.iter().map(|note| json!(language.of(note))).collect());
        }
        set("id", cube.dimensions.iter().map(|dimension| json!(dimension.id)).collect());
        set("size", json!(cube.size()));
        set("role", Value::Object(roles(cube)));
        let dimensions = cube.dimensions.iter().map(|own| (own.id.to_string(), dimension(own, language)));
        set("dimension", Value::Object(dimensions.collect()));
        set("extension", extension(cube, meta, language, status));
        Self { members, cube, status }
    }

    /// Adds a note on the whole.
    pub fn note(&mut self, note: &str) {
        if let Value::Array(notes) = self.members.entry("note").or_insert_with(|| json!([])) {
            notes.push(json!(note));
        }
    }

    /// Adds a member to `extension`, in place of one of the same name.
    pub fn extend(&mut self, name: &str, value: Value) {
        if let Value::Object(extension) = self.members.entry("extension").or_insert_with(|| json!({})) {
            extension.insert(name.to_owned(), value);
        }
    }

    /// Writes it as JSON.
    pub fn write(&self, out: &mut dyn Write) -> Result<(), EncodeError> {
        serde_json::to_writer(&mut *out, self).map_err(|error| match error.io_error_kind() {
            Some(kind) => EncodeError::Write(kind.into()),
            None => EncodeError::Library(error.to_string()),
        })?;
        Ok(out.write_all(b"\n")?)
    }
}

impl Serialize for Dataset<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let first = ORDER.iter().filter_map(|name| self.members.get_key_value(*name));
        let others = self.members.iter().filter(|(name, _)| !ORDER.contains(&name.as_str()));
        for (name, value) in first.chain(others) {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry("value", &Values(&self.cube.cells))?;
        if self.cube.cells.iter().any(|cell| (self.status)(cell).is_some()) {
            map.serialize_entry("status", &Words(&self.cube.cells, self.status))?;
        }
        map.end()
    }
}

/// Values in the order of the cells, null where there is none.
struct Values<'a>(&'a [Cell]);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|cell| cell.value.map(Number)))
    }
}

/// A number without decimals where it is a whole one.
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Up to here every whole number has a representation of its own.
        const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() == 0.0 && self.0.abs() <= WHOLE_MAX {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// Words by the positions of their cells.
struct Words<'a>(&'a [Cell], fn(&Cell) -> Option<&'static str>);

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let words = self.0.iter().enumerate().filter_map(|(at, cell)| Some((at, self.1(cell)?)));
        serializer.collect_map(words)
    }
}

fn roles(cube: &Cube) -> Map<String, Value> {
    let of = |role: Role| -> Vec<Value> {
        cube.dimensions.iter().filter(|own| own.role == role).map(|own| json!(own.id)).collect()
    };
    let roles = [("time", of(Role::Time)), ("metric", of(Role::Measure))];
    roles.into_iter().filter(|(_, ids)| !ids.is_empty()).map(|(name, ids)| (name.to_owned(), ids.into())).collect()
}

fn dimension(own: &Dimension, language: Language) -> Value {
    let index: Value = own.categories.iter().map(|category| json!(category.code)).collect();
    let pair = |category: &Category| (category.code.to_string(), json!(language.of(&category.name)));
    let label: Map<String, Value> = own.categories.iter().map(pair).collect();
    let mut category = json!({ "index": index, "label": label });
    let unit = |category: &Category| {
        let (unit, decimals) = category.unit?;
        Some((category.code.to_string(), json!({ "base": language.of(&unit.name()), "decimals": decimals })))
    };
    let units: Map<String, Value> = own.categories.iter().filter_map(unit).collect();
    if !units.is_empty() {
        category["unit"] = Value::Object(units);
    }
    json!({ "label": language.of(&own.name), "category": category })
}

/// What JSON-stat has no member for.
fn extension(cube: &Cube, meta: &Meta, language: Language, status: fn(&Cell) -> Option<&'static str>) -> Value {
    let mut extension = json!({
        "synthetic": meta.notice.is_some(),
        "release": {
            "id": meta.release,
            "sequence": meta.sequence,
            "kind": meta.kind,
            "publishedAt": meta.published_at,
        },
        "policy": meta.policy,
        "licence": LICENCE,
    });
    if let Some(notice) = &meta.notice {
        extension["notice"] = json!(language.of(notice));
    }
    // what the words in `status` mean
    let words: Map<String, Value> = Status::ALL
        .into_iter()
        .filter_map(|own| {
            let cell = cube.cells.iter().find(|cell| cell.status == own)?;
            Some((status(cell)?.to_owned(), json!(language.of(&own.name()))))
        })
        .collect();
    if !words.is_empty() {
        extension["status"] = json!({ "label": words });
    }
    // values that are ends of a coded range, by position
    let bounds: Map<String, Value> = cube
        .cells
        .iter()
        .enumerate()
        .filter_map(|(at, cell)| Some((at.to_string(), json!(cell.bound?.word()))))
        .collect();
    if !bounds.is_empty() {
        let label: Map<String, Value> = [Bound::Le, Bound::Ge]
            .into_iter()
            .map(|bound| (bound.word().to_owned(), json!(language.of(&bound.name()))))
            .collect();
        extension["bound"] = json!({ "index": bounds, "label": label });
    }
    extension
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::encode::{
        Names, Value as Given,
        generated::{bytes, document, is_near, of, simple},
    };

    fn read(document: &Document) -> Value {
        serde_json::from_slice(&bytes(&JsonStat, document)).unwrap()
    }

    #[test]
    fn a_dataset_says_all_that_it_has_to() {
        let mut rows =
            vec![simple(2019, Status::Withheld, Given::Null), simple(2020, Status::Provisional, Given::Whole(47))];
        rows[1][6] = Given::text("le");
        let mut document = of(rows, Names::default());
        document.language = Language::En;
        let set = read(&document);
        assert_eq!(set["id"], json!(["indicator", "group_id", "measure", "year"]));
        assert_eq!(set["size"], json!([1, 1, 2, 2]));
        assert_eq!(set["role"], json!({ "time": ["year"], "metric": ["measure"] }));
        assert_eq!(set["value"], json!([null, 47, 233, 233]));
        // how many there are is shown, although their mean is not
        assert_eq!(set["status"], json!({ "0": "withheld", "1": "provisional", "3": "provisional" }));
        let category = &set["dimension"]["measure"]["category"];
        assert_eq!(category["unit"]["mean"], json!({ "base": "per cent", "decimals": 1 }));
        assert_eq!(category["label"]["mean"], "E mean");
        let extension = &set["extension"];
        assert_eq!(extension["status"]["label"]["withheld"], "not shown (disclosure control)");
        assert_eq!(
            extension["bound"],
            json!({ "index": { "1": "le" }, "label": { "le": "at most", "ge": "at least" } })
        );
        assert_eq!(extension["release"]["id"], json!(document.meta.release));
        assert_eq!((&extension["licence"], &extension["synthetic"]), (&json!(LICENCE), &json!(true)));
        assert_eq!(set["note"], json!(["Synthetic data.", "A row for each measure, group and year."]));
        assert_eq!(
            (&set["updated"], &set["source"]),
            (&json!("2021-05-14T08:00:00Z"), &json!("Source: mognad, release abc"))
        );
    }

    #[test]
    fn members_can_be_added_and_symbols_chosen() {
        let document = of(vec![simple(2020, Status::Withheld, Given::Null)], Names::default());
        let cube = Cube::of(&document).unwrap();
        let mut dataset = Dataset::new(&cube, &document.meta, Language::Sv, |cell| cell.status.px());
        dataset.extend("px", json!({ "aggregallowed": false }));
        let set = serde_json::to_value(&dataset).unwrap();
        assert_eq!(set["status"], json!({ "0": ".." }));
        assert_eq!(set["extension"]["status"]["label"], json!({ "..": "visas ej (röjandeskydd)" }));
        assert_eq!(set["extension"]["px"]["aggregallowed"], false);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_row_is_in_its_cells_and_nothing_else_is(document in document()) {
            let set = read(&document);
            let index = |dimension: &str, code: &str| {
                let codes = set["dimension"][dimension]["category"]["index"].as_array().unwrap();
                codes.iter().position(|own| own == code).unwrap()
            };
            let size: Vec<usize> = serde_json::from_value(set["size"].clone()).unwrap();
            let values = set["value"].as_array().unwrap();
            prop_assert_eq!(values.len(), size.iter().product::<usize>());
            let mut there = 0;
            for row in &document.grid.rows {
                let code = |at: usize| crate::encode::cube::code(&row[at]).into_owned();
                for (measure, column) in [("mean", 5), ("organisations", 7)] {
                    let places = [index("indicator", &code(1)), index("group_id", &code(2)), index("measure", measure), index("year", &code(3))];
                    let at = places.iter().zip(&size).fold(0, |at, (place, size)| at * size + place);
                    let expected = match row[column] { Given::Whole(number) => Some(number as f64), Given::Number(number) => Some(number), _ => None };
                    prop_assert!(is_near(values[at].as_f64(), expected));
                    there += usize::from(expected.is_some());
                    let status = set["status"][at.to_string()].as_str();
                    prop_assert_eq!(expected.is_some(), status.is_none_or(|word| Status::of_word(word).unwrap().has_value()));
                }
            }
            prop_assert_eq!(values.iter().filter(|value| !value.is_null()).count(), there);
        }
    }
}
