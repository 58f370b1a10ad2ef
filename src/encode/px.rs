//! PX files (PX file format 2013, as `PxWeb` writes them): a cube with its texts in both languages, UTF-8; quoting and lines are in
//! `keyword`.

mod keyword;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
};

use jiff::{Timestamp, tz::TimeZone};

use self::keyword::{Keywords, Values, clean, cut};
use super::{Category, Cell, Cube, Dimension, Document, EncodeError, Format, LICENCE, Meta, Role};
use crate::model::{Bound, Language, Status, Text};

/// The PX format.
#[derive(Debug)]
pub(super) struct Px;

impl Format for Px {
    fn name(&self) -> &'static str {
        "px"
    }

    /// Not registered; as data portals name it (datos.gob.es).
    fn media_type(&self) -> &'static str {
        "text/pc-axis"
    }

    fn content_type(&self) -> &'static str {
        "text/pc-axis; charset=utf-8"
    }

    /// Both languages are in the file; the reader's stands first and is the one that programs without a choice show.
    fn is_in_one_language(&self) -> bool {
        true
    }

    fn is_cube(&self) -> bool {
        true
    }

    fn write(&self, document: &Document, out: &mut dyn Write) -> Result<(), EncodeError> {
        let cube = Cube::of(document)?;
        let instrument = document.sole("instrument");
        let name = instrument.and_then(|id| document.names.of(None, "instrument", id)).cloned();
        let table = PxTable {
            matrix: &document.table.id,
            subject_code: instrument.unwrap_or("mognad"),
            subject: name.unwrap_or_else(|| Text::new("mognad", "mognad")),
            notes: vec![document.table.text.clone()],
            heading: 1,
        };
        write(&cube, &table, &document.meta, document.language, out)
    }
}

/// What a PX file says of a table beside its cube.
#[derive(Debug, Clone)]
pub struct PxTable<'a> {
    /// Name of the table, at most 20 characters.
    pub matrix: &'a str,
    /// Code of the subject area, at most 20 characters.
    pub subject_code: &'a str,
    /// Name of the subject area.
    pub subject: Text,
    /// Notes on the whole, beside those of the cube.
    pub notes: Vec<Text>,
    /// How many of the last dimensions stand in the heading; the others stand in the stub.
    pub heading: usize,
}

/// The symbols of bounds beside numbers.
fn symbol(bound: Bound) -> &'static str {
    match bound {
        Bound::Le => "≤",
        Bound::Ge => "≥",
    }
}

/// Writes a cube as a PX file in both languages, one of them first.
pub fn write(
    cube: &Cube,
    table: &PxTable,
    meta: &Meta,
    language: Language,
    out: &mut dyn Write,
) -> Result<(), EncodeError> {
    if cube.dimensions.is_empty() {
        return Err(EncodeError::NoCube);
    }
    let (stub, heading) = cube.dimensions.split_at(cube.dimensions.len().saturating_sub(table.heading));
    if cube.cells.is_empty() {
        return Err(EncodeError::NoRows);
    }
    let labels = Labels::of(cube);
    let mut to = Keywords::new(out, language);
    let moment = meta.published_at.parse::<Timestamp>().ok();
    let moment = moment.map(|at| at.to_zoned(TimeZone::UTC).strftime("%Y%m%d %H:%M").to_string());

    to.plain("CHARSET", &[], Values::Text("ANSI"))?;
    to.plain("AXIS-VERSION", &[], Values::Text("2013"))?;
    to.plain("CODEPAGE", &[], Values::Text("utf-8"))?;
    to.plain("LANGUAGE", &[], Values::Text(language.tag()))?;
    let languages: Vec<String> = to.languages().map(|language| language.tag().to_owned()).collect();
    to.plain("LANGUAGES", &[], Values::List(&languages))?;
    if let Some(moment) = &moment {
        to.plain("CREATION-DATE", &[], Values::Text(moment))?;
    }
    let decimals: Vec<u8> = measures(cube).filter_map(|category| Some(category.unit?.1)).collect();
    let shown = decimals.iter().copied().min().unwrap_or_default();
    to.plain("DECIMALS", &[], Values::Word(&decimals.iter().copied().max().unwrap_or_default().to_string()))?;
    to.plain("SHOWDECIMALS", &[], Values::Word(&shown.to_string()))?;
    to.plain("MATRIX", &[], Values::Text(&cut(table.matrix, 20)))?;
    // means cannot be added up, and neither can counts of groups that overlap
    to.plain("AGGREGALLOWED", &[], Values::Word("NO"))?;
    to.plain("COPYRIGHT", &[], Values::Word("NO"))?;
    to.plain("SUBJECT-CODE", &[], Values::Text(&cut(table.subject_code, 20)))?;
    to.both("SUBJECT-AREA", |language| clean(language.of(&table.subject)))?;
    to.both("TITLE", |language| title(cube, labels.dimensions(language, 0..cube.dimensions.len()), language))?;
    to.both("CONTENTS", |language| cut(&clean(language.of(&cube.title)), keyword::NAME_MAX))?;
    if !stub.is_empty() {
        to.both_lists("STUB", None, |language| labels.dimensions(language, 0..stub.len()))?;
    }
    if !heading.is_empty() {
        to.both_lists("HEADING", None, |language| labels.dimensions(language, stub.len()..cube.dimensions.len()))?;
    }
    if let Some(at) = cube.dimensions.iter().position(|own| own.role == Role::Measure) {
        to.both("CONTVARIABLE", |language| labels.dimension(language, at).to_owned())?;
    }
    dimensions(cube, &labels, &mut to)?;
    contents(cube, &labels, shown, moment.as_deref(), &mut to)?;
    to.both("SOURCE", |language| clean(language.of(&meta.source)))?;
    if let Some(notice) = &meta.notice {
        // always shown, unlike a NOTE
        to.both("NOTEX", |language| clean(language.of(notice)))?;
    }
    to.both("NOTE", |language| note(cube, table, meta, language))?;
    let mut symbols: Vec<&str> = Status::ALL.into_iter().filter_map(Status::px).collect();
    symbols.sort_by_key(|symbol| symbol.len());
    for symbol in symbols {
        to.both(&format!("DATASYMBOL{}", symbol.len()), |_| symbol.to_owned())?;
    }
    marks(cube, &mut to)?;
    data(cube, heading, to.out())
}

/// What the table holds and by what it is divided.
fn title(cube: &Cube, names: &[String], language: Language) -> String {
    let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let (last, others) = names.split_last().map_or(("", &names[..]), |(last, others)| (last, others));
    let list =
        |and: &str| if others.is_empty() { last.to_owned() } else { format!("{} {and} {last}", others.join(", ")) };
    let words = Text::new(format!("efter {}", list("och")), format!("by {}", list("and")));
    format!("{} {}", clean(language.of(&cube.title)), language.of(&words))
}

/// What columns are called, each name once: programs find variables and values by them.
struct Labels {
    dimensions: HashMap<Language, Vec<String>>,
    categories: HashMap<Language, Vec<Vec<String>>>,
}

impl Labels {
    fn of(cube: &Cube) -> Self {
        let of = |language: Language| {
            let own = cube.dimensions.iter();
            distinct(own.map(|dimension| (language.of(&dimension.name), &*dimension.id)))
        };
        let categories = |language: Language| {
            let own = |dimension: &Dimension| {
                distinct(dimension.categories.iter().map(|own| (language.of(&own.name), &*own.code)))
            };
            cube.dimensions.iter().map(own).collect()
        };
        Self {
            dimensions: Language::ALL.map(|language| (language, of(language))).into(),
            categories: Language::ALL.map(|language| (language, categories(language))).into(),
        }
    }

    fn dimensions(&self, language: Language, range: std::ops::Range<usize>) -> &[String] {
        &self.dimensions[&language][range]
    }

    fn dimension(&self, language: Language, at: usize) -> &str {
        &self.dimensions[&language][at]
    }

    fn categories(&self, language: Language, at: usize) -> &[String] {
        &self.categories[&language][at]
    }
}

/// Names that can be written, each once: where several have the same, their codes follow in brackets.
fn distinct<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Vec<String> {
    let name = |name: &str, code: &str| {
        let name = cut(&clean(name), keyword::NAME_MAX);
        if name.is_empty() { clean(code) } else { name }
    };
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (own, code) in pairs.clone() {
        *counts.entry(name(own, code)).or_default() += 1;
    }
    let written = |(own, code): (&str, &str)| {
        let name = name(own, code);
        if counts.get(&name).is_some_and(|&count| count > 1) { format!("{name} ({})", clean(code)) } else { name }
    };
    pairs.map(written).collect()
}

fn measures(cube: &Cube) -> impl Iterator<Item = &Category> {
    cube.dimensions.iter().filter(|own| own.role == Role::Measure).flat_map(|own| &own.categories)
}

fn dimensions(cube: &Cube, labels: &Labels, to: &mut Keywords) -> Result<(), EncodeError> {
    let name = |at: usize| move |language: Language| labels.dimension(language, at);
    for (at, dimension) in cube.dimensions.iter().enumerate() {
        // of PxWeb's making, not of the format's text: without it ids would be lost
        to.both_of("VARIABLECODE", name(at), |_| clean(&dimension.id))?;
        to.both_lists("VALUES", Some(&name(at)), |language| labels.categories(language, at))?;
    }
    let codes = |dimension: &Dimension| dimension.categories.iter().map(|own| clean(&own.code)).collect::<Vec<_>>();
    for (at, dimension) in cube.dimensions.iter().enumerate().filter(|(_, own)| own.role == Role::Time) {
        let years: Vec<String> = codes(dimension).iter().map(|code| format!("\"{code}\"")).collect();
        let list = format!("TLIST(A1),{}", years.join(","));
        to.both_words("TIMEVAL", name(at), &list)?;
    }
    for (at, dimension) in cube.dimensions.iter().enumerate() {
        let codes = codes(dimension);
        to.both_lists("CODES", Some(&name(at)), |_| &codes)?;
    }
    Ok(())
}

/// What holds for each measure: decimals beyond those shown, date and unit.
fn contents(
    cube: &Cube,
    labels: &Labels,
    shown: u8,
    moment: Option<&str>,
    to: &mut Keywords,
) -> Result<(), EncodeError> {
    let Some(at) = cube.dimensions.iter().position(|own| own.role == Role::Measure) else {
        return to.both("UNITS", |language| language.of(&Text::new("antal", "number")).to_owned());
    };
    let categories = &cube.dimensions[at].categories;
    let name = |number: usize| move |language: Language| labels.categories(language, at)[number].as_str();
    for (number, category) in categories.iter().enumerate() {
        if let Some((_, decimals)) = category.unit.filter(|&(_, decimals)| decimals > shown) {
            let pair = |language: Language| [labels.dimension(language, at), &labels.categories(language, at)[number]];
            to.both_numbers("PRECISION", pair, decimals)?;
        }
    }
    for number in 0..categories.len() {
        if let Some(moment) = moment {
            to.both_of("LAST-UPDATED", name(number), |_| moment.to_owned())?;
        }
    }
    for (number, category) in categories.iter().enumerate() {
        let unit = category.unit.map_or_else(|| Text::new("-", "-"), |(unit, _)| unit.name());
        to.both_of("UNITS", name(number), |language| clean(language.of(&unit)))?;
    }
    Ok(())
}

/// The note on the whole: what the table is, what symbols mean, which release it is and what may be done with it.
fn note(cube: &Cube, table: &PxTable, meta: &Meta, language: Language) -> String {
    let mut lines: Vec<String> = table.notes.iter().map(|note| clean(language.of(note))).collect();
    lines.extend(
        cube.notes.iter().filter(|note| meta.notice.as_ref() != Some(*note)).map(|note| clean(language.of(note))),
    );
    let present = |wanted: Status| cube.cells.iter().any(|cell| cell.status == wanted);
    for status in Status::ALL.into_iter().filter(|&status| status != Status::Ok && present(status)) {
        let name = status.name();
        lines.push(format!("{}: {}", status.px().unwrap_or(status.word()), language.of(&name)));
    }
    for bound in [Bound::Le, Bound::Ge] {
        if cube.cells.iter().any(|cell| cell.bound == Some(bound)) {
            lines.push(format!("{}: {}", symbol(bound), language.of(&bound.name())));
        }
    }
    let words = Text::new(
        format!("Utgåva {} (nummer {}, {}).#Licens: {LICENCE}", meta.release, meta.sequence, meta.kind),
        format!("Release {} (number {}, {}).#Licence: {LICENCE}", meta.release, meta.sequence, meta.kind),
    );
    lines.push(language.of(&words).to_owned());
    lines.join("#")
}

/// What symbols in the data cannot say: bounds beside numbers, and the status of each value that is there.
fn marks(cube: &Cube, to: &mut Keywords) -> Result<(), EncodeError> {
    let valued = || cube.cells.iter().enumerate().filter(|(_, cell)| cell.value.is_some());
    for (at, bound) in valued().filter_map(|(at, cell)| Some((at, cell.bound?))) {
        to.both_keyed("DATANOTECELL", &codes_at(cube, at), symbol(bound))?;
    }
    let attributes = |cell: &Cell| [cell.status.word(), cell.bound.map_or("-", Bound::word)];
    // the most common are said once
    let mut counts: BTreeMap<[&str; 2], usize> = BTreeMap::new();
    for (_, cell) in valued() {
        *counts.entry(attributes(cell)).or_default() += 1;
    }
    let Some((&common, _)) = counts.iter().max_by_key(|&(_, count)| *count) else { return Ok(()) };
    let owned = |pair: [&str; 2]| pair.map(str::to_owned);
    to.plain("ATTRIBUTE-ID", &[], Values::List(&owned(["STATUS", "BOUND"])))?;
    let names = [owned(["Status", "Gräns"]), owned(["Status", "Bound"])];
    to.both_lists("ATTRIBUTE-TEXT", None, |language| &names[usize::from(language == Language::En)])?;
    to.plain("ATTRIBUTES", &[], Values::List(&owned(common)))?;
    for (at, cell) in valued().filter(|(_, cell)| attributes(cell) != common) {
        to.plain("ATTRIBUTES", &codes_at(cube, at), Values::List(&owned(attributes(cell))))?;
    }
    Ok(())
}

/// The codes of the categories that a cell belongs to.
fn codes_at(cube: &Cube, cell: usize) -> Vec<String> {
    let mut rest = cell;
    let mut codes: Vec<String> = cube
        .dimensions
        .iter()
        .rev()
        .map(|dimension| {
            let count = dimension.categories.len();
            let code = clean(&dimension.categories[rest % count].code);
            rest /= count;
            code
        })
        .collect();
    codes.reverse();
    codes
}

/// A line for each row of the table; each cell is followed by a space, also the last of a line.
fn data(cube: &Cube, heading: &[Dimension], out: &mut dyn Write) -> Result<(), EncodeError> {
    out.write_all(b"DATA=\r\n")?;
    for row in cube.cells.chunks(heading.iter().map(|dimension| dimension.categories.len()).product()) {
        for cell in row {
            match cell.value {
                Some(value) => write!(out, "{value} ")?,
                None => write!(out, "\"{}\" ", cell.status.px().unwrap_or(".."))?,
            }
        }
        out.write_all(b"\r\n")?;
    }
    Ok(out.write_all(b";\r\n")?)
}
