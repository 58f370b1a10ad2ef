//! A table as `PxWeb` writes JSON-stat 2: metadata and data in one form. Members of `index` and `label` stand in the order of the
//! values, which clients rely on; figures come from a cube.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{
    chosen::Chosen,
    codelists::{self, TYPE},
    link::Link,
    notes,
    table::{Table, Variable},
    tables::updated,
};
use crate::{
    definition::Unit,
    encode::{Cell, Cube, LICENCE, Role},
    figure::Edition,
    model::{Bound, Language, Status, Text},
};

/// An object whose members keep their order.
#[derive(Debug)]
struct Ordered<K, V>(Vec<(K, V)>);

impl<K: Serialize, V: Serialize> Serialize for Ordered<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<K, V> Ordered<K, V> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A dataset.
#[derive(Debug, Serialize)]
pub(super) struct Dataset<'a> {
    version: &'static str,
    class: &'static str,
    label: String,
    source: &'a str,
    updated: String,
    note: Vec<String>,
    role: Ordered<&'static str, Vec<&'a str>>,
    id: Vec<&'a str>,
    size: Vec<usize>,
    dimension: Ordered<&'a str, Dimension<'a>>,
    extension: Value,
    value: Option<Values<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Symbols<'a>>,
}

/// A variable.
#[derive(Debug, Serialize)]
struct Dimension<'a> {
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<[&'a str; 1]>,
    category: Category<'a>,
    extension: Extension<'a>,
}

/// Values of a variable.
#[derive(Debug, Serialize)]
struct Category<'a> {
    index: Ordered<&'a str, usize>,
    label: Ordered<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Ordered::is_empty")]
    note: Ordered<&'a str, [&'a str; 1]>,
    #[serde(skip_serializing_if = "Ordered::is_empty")]
    unit: Ordered<&'a str, Value>,
}

/// What `PxWeb` adds to a variable.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Extension<'a> {
    elimination: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    elimination_value_code: Option<&'a str>,
    show: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codelists: Vec<CodeList<'a>>,
    #[serde(skip_serializing_if = "Ordered::is_empty")]
    refperiod: Ordered<&'a str, &'static str>,
    #[serde(skip_serializing_if = "Ordered::is_empty")]
    measuring_type: Ordered<&'a str, &'static str>,
    #[serde(skip_serializing_if = "Ordered::is_empty")]
    price_type: Ordered<&'a str, &'static str>,
    #[serde(skip_serializing_if = "Ordered::is_empty")]
    adjustment: Ordered<&'a str, &'static str>,
}

/// A set of values that can be chosen from.
#[derive(Debug, Serialize)]
struct CodeList<'a> {
    id: &'a str,
    label: &'a str,
    r#type: &'static str,
    links: [Link; 1],
}

impl<'a> Dataset<'a> {
    /// A table in one language: all of it or what is chosen, with figures where there is a cube of them.
    pub(super) fn new(
        edition: &'a Edition,
        table: &'a Table,
        chosen: &Chosen,
        cube: Option<&'a Cube>,
        language: Language,
    ) -> Self {
        let meta = &edition.meta;
        let shown: Vec<(&'a Variable, Vec<usize>)> =
            chosen.shown().map(|(at, positions)| (&table.variables[at], positions.to_vec())).collect();
        let notes = notes::of(edition, table);
        let dimension = |(variable, positions): &(&'a Variable, Vec<usize>)| {
            (&*variable.code, dimension(variable, positions, language))
        };
        let of_role = |role: Role| -> Vec<&'a str> {
            shown.iter().filter(|(own, _)| own.role == role).map(|(own, _)| &*own.code).collect()
        };
        let mut extension = extension(edition, table, chosen, notes.mandatory, language);
        if let Some(cube) = cube {
            explain(&mut extension, cube, language);
        }
        let has_symbols = |cube: &&Cube| cube.cells.iter().any(|cell| symbol(cell).is_some());
        Self {
            version: "2.0",
            class: "dataset",
            label: language.of(&table.title_by(&shown.iter().map(|(own, _)| *own))).to_owned(),
            source: language.of(&meta.source),
            updated: updated(meta),
            note: notes.texts.iter().map(|text| language.of(text).to_owned()).collect(),
            role: Ordered(vec![("time", of_role(Role::Time)), ("metric", of_role(Role::Measure))]),
            id: shown.iter().map(|(own, _)| &*own.code).collect(),
            size: shown.iter().map(|(_, positions)| positions.len()).collect(),
            dimension: Ordered(shown.iter().map(dimension).collect()),
            extension,
            value: cube.map(|cube| Values(&cube.cells)),
            status: cube.filter(has_symbols).map(|cube| Symbols(&cube.cells)),
        }
    }
}

fn dimension<'a>(variable: &'a Variable, positions: &[usize], language: Language) -> Dimension<'a> {
    let own = || positions.iter().map(|&at| (at, &variable.categories[at]));
    let of_measures = |value: fn(&str, Unit) -> &'static str| {
        let pairs = own().filter_map(|(_, category)| {
            let (unit, _) = category.unit.filter(|_| variable.role == Role::Measure)?;
            Some((&*category.code, value(&category.code, unit)))
        });
        Ordered(pairs.collect())
    };
    let unit = |(unit, decimals): (Unit, u8)| json!({ "base": language.of(&unit.name()), "decimals": decimals });
    Dimension {
        label: language.of(&variable.name),
        note: variable.note.as_ref().map(|note| [language.of(note)]),
        category: Category {
            index: Ordered(own().enumerate().map(|(place, (_, category))| (&*category.code, place)).collect()),
            label: Ordered(own().map(|(_, category)| (&*category.code, language.of(&category.name))).collect()),
            note: Ordered(
                own()
                    .filter_map(|(at, category)| Some((&*category.code, [language.of(variable.notes.get(&at)?)])))
                    .collect(),
            ),
            unit: Ordered(own().filter_map(|(_, category)| Some((&*category.code, unit(category.unit?)))).collect()),
        },
        extension: Extension {
            elimination: variable.elimination.is_some(),
            elimination_value_code: variable.elimination_code(),
            show: "value",
            codelists: variable
                .sets
                .iter()
                .map(|set| CodeList {
                    id: &set.id,
                    label: language.of(&set.name),
                    r#type: TYPE,
                    links: codelists::links(set, "metadata", language),
                })
                .collect(),
            refperiod: of_measures(if language == Language::Sv {
                |_, _| "Kalenderår"
            } else {
                |_, _| "Calendar year"
            }),
            measuring_type: of_measures(|code, unit| match unit {
                Unit::Percent if code == "mean" => "Average",
                _ => "Other",
            }),
            price_type: of_measures(|_, _| "NotApplicable"),
            adjustment: of_measures(|_, _| "None"),
        },
    }
}

/// What `PxWeb` and we add to a dataset.
fn extension(edition: &Edition, table: &Table, chosen: &Chosen, mandatory: usize, language: Language) -> Value {
    let meta = &edition.meta;
    let (first, last) = table.period();
    let codes = |variables: &[usize]| -> Vec<&str> { variables.iter().map(|&at| &*table.variables[at].code).collect() };
    let measures = table.variables.iter().filter(|own| own.role == Role::Measure).flat_map(|own| &own.categories);
    let decimals = measures.filter_map(|own| own.unit).map(|(_, decimals)| decimals).max().unwrap_or_default();
    let mut px = json!({
        "tableid": table.id,
        "decimals": decimals,
        "official-statistics": false,
        // means cannot be added up, and neither can counts of groups that overlap
        "aggregallowed": false,
        "copyright": false,
        "language": language.tag(),
        "contents": language.of(&table.title),
        "description": language.of(&table.text.text),
        "descriptiondefault": false,
        "heading": codes(chosen.heading()),
        "stub": codes(chosen.stub()),
        "matrix": table.id,
        "updateFrequency": language.of(&Text::new("Årligen", "Yearly")),
    });
    if let Some((id, name)) = &table.instrument {
        px["subject-code"] = json!(**id);
        px["subject-area"] = json!(language.of(name));
    }
    let mandatory: serde_json::Map<String, Value> = (0..mandatory).map(|at| (at.to_string(), json!(true))).collect();
    json!({
        "noteMandatory": mandatory,
        "px": px,
        "firstPeriod": first,
        "lastPeriod": last,
        "discontinued": false,
        "synthetic": meta.notice.is_some(),
        "release": {
            "id": meta.release,
            "sequence": meta.sequence,
            "kind": meta.kind,
            "publishedAt": meta.published_at,
        },
        "licence": LICENCE,
    })
}

/// What symbols in `status` mean, and which values are ends of a coded range, by position.
fn explain(extension: &mut Value, cube: &Cube, language: Language) {
    let labels: serde_json::Map<String, Value> = Status::ALL
        .into_iter()
        .filter_map(|status| {
            let cell = cube.cells.iter().find(|cell| cell.status == status)?;
            Some((symbol(cell)?.to_owned(), json!(language.of(&status.name()))))
        })
        .collect();
    if !labels.is_empty() {
        extension["status"] = json!({ "label": labels });
    }
    let bounds =
        cube.cells.iter().enumerate().filter_map(|(at, cell)| Some((at.to_string(), json!(cell.bound?.word()))));
    let bounds: serde_json::Map<String, Value> = bounds.collect();
    if !bounds.is_empty() {
        let label = |bound: Bound| (bound.word().to_owned(), json!(language.of(&bound.name())));
        let labels: serde_json::Map<String, Value> = [Bound::Le, Bound::Ge].into_iter().map(label).collect();
        extension["bound"] = json!({ "index": bounds, "label": labels });
    }
}

/// The symbol of a cell whose status has to be told.
fn symbol(cell: &Cell) -> Option<&'static str> {
    match cell.status {
        Status::Provisional => Some("p"),
        Status::Frozen => Some("f"),
        other => other.px(),
    }
}

/// Values in the order of cells, null where there is none.
#[derive(Debug)]
struct Values<'a>(&'a [Cell]);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|cell| cell.value.map(Number)))
    }
}

/// A number, without decimals where it is a whole one.
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < 1e15 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// Symbols by position.
#[derive(Debug)]
struct Symbols<'a>(&'a [Cell]);

impl Serialize for Symbols<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().enumerate().filter_map(|(at, cell)| Some((at, symbol(cell)?))))
    }
}
