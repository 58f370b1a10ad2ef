//! Charts: what each has beside its drawing, and the one list of them; which stand on a page is decided by pages.

mod categories;
mod counties;
mod distribution;
mod groups;
mod participation;
mod peers;
mod peers_categories;
mod small_trends;
mod trend;

use super::{
    Asked, Words,
    drawing::{Canvas, Drawing, Shown, escaped, short},
};
use crate::{
    figure::{Distribution, Edition, Figure},
    model::Bound,
};

/// A chart with everything that stands around it.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Its name, which is also the last part of its address.
    pub name: &'static str,
    /// What tells it from others of its name: the query of its address.
    pub query: String,
    /// Heading.
    pub heading: String,
    /// What it shows, in one sentence.
    pub finding: String,
    /// How it is drawn, for whoever does not see it.
    pub description: String,
    /// The drawing.
    pub(super) drawing: Drawing,
    /// The data.
    pub table: Table,
    /// The address of the rows that it is made of, without a format.
    pub rows: String,
}

/// The data of a chart as a table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Names of columns; the first is that of the rows' names.
    pub head: Vec<String>,
    /// Rows: name and values.
    pub rows: Vec<(String, Vec<String>)>,
}

impl Chart {
    /// The id of its elements on a page, on which no two charts have the same name and query.
    pub fn id(&self) -> String {
        let query: String = self.query.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        format!("{}-{query}", self.name)
    }

    /// The SVG as it stands in a page, with its title and description.
    pub fn svg(&self) -> String {
        self.written("", "")
    }

    /// The SVG by itself: with its style, and its source in sight.
    pub fn file(&self, source: &str, address: &str) -> String {
        let foot = self.drawing.height;
        let mut own = self.clone();
        own.drawing.height += 40.0;
        let mut out = Canvas::default();
        out.text(0.0, foot + 16.0, "start", "small", source);
        out.text(0.0, foot + 33.0, "start", "small", address);
        own.drawing.elements.push_str(&out.0);
        own.written(" xmlns=\"http://www.w3.org/2000/svg\"", &format!("<style>{}</style>", super::CHART_STYLE))
    }

    fn written(&self, attributes: &str, style: &str) -> String {
        let id = self.id();
        let Drawing { width, height, elements } = &self.drawing;
        format!(
            "<svg class=\"chart\"{attributes} viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\
             <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>{style}\
             <defs><pattern id=\"{id}-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <path class=\"hatch\" d=\"M0 0V6\"/></pattern></defs>{}</svg>",
            short(*width),
            short(*height),
            escaped(&self.heading),
            escaped(&format!("{} {}", self.finding, self.description)),
            elements.replace("url(#hatch)", &format!("url(#{id}-hatch)")),
        )
    }
}

/// A kind of chart.
#[derive(Debug)]
pub struct ChartKind {
    /// Its name, the last part of its address.
    pub name: &'static str,
    /// What has to be told to draw it, and what may be.
    pub parameters: &'static [&'static str],
    /// The query of an example.
    pub example: &'static str,
    /// Draws it; none where the edition has nothing for what is asked.
    pub make: fn(&Edition, &Asked, Words) -> Option<Chart>,
}

/// Every kind.
pub static CHARTS: &[&ChartKind] = &[
    &trend::KIND,
    &small_trends::KIND,
    &categories::KIND,
    &participation::KIND,
    &groups::KIND,
    &counties::KIND,
    &distribution::KIND,
    &peers::KIND,
    &peers_categories::KIND,
];

/// A kind by its name.
pub fn chart_kind(name: &str) -> Option<&'static ChartKind> {
    CHARTS.iter().copied().find(|kind| kind.name == name)
}

/// A chart by its kind's name.
pub(super) fn chart(edition: &Edition, name: &str, asked: &Asked, words: Words) -> Option<Chart> {
    let kind = chart_kind(name)?;
    (kind.make)(edition, &asked.only(kind.parameters), words)
}

/// Names at one end are listed up to so many.
const NAMED_MAX: usize = 3;

/// Which of several have the lowest value and which the highest; values are written as they are shown.
fn extremes<'a>(of: impl Iterator<Item = (&'a str, Shown)>, words: Words) -> String {
    let known: Vec<(&str, f64, String)> =
        of.filter_map(|(name, shown)| Some((name, shown.value()?, shown.text(words)))).collect();
    let end = |value: f64| -> (String, String) {
        let at: Vec<&(&str, f64, String)> = known.iter().filter(|own| own.1.total_cmp(&value).is_eq()).collect();
        let names: Vec<String> = at.iter().map(|own| own.0.to_owned()).collect();
        let names = if names.len() > NAMED_MAX { words.say("several") } else { words.list(&names) };
        (names, at.first().map_or_else(String::new, |own| own.2.clone()))
    };
    let values = || known.iter().map(|own| own.1);
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    match known.as_slice() {
        [] => words.say("nothing-shown"),
        [(name, _, value)] => format!("{name}: {value}."),
        [(_, _, value), ..] if low.total_cmp(&high).is_eq() => words.with("all-alike", "value", value),
        _ => {
            let ((lowest, low), (highest, high)) = (end(low), end(high));
            words.with_all(
                "lowest-and-highest",
                [("lowest", lowest.into()), ("low", low.into()), ("highest", highest.into()), ("high", high.into())],
            )
        }
    }
}

/// From where to where, as the table has it.
fn span(range: Option<(f64, f64)>, words: Words) -> String {
    range.map_or_else(|| "–".to_owned(), |(low, high)| format!("{}–{}", words.number(low), words.percent(high)))
}

/// A published figure as it is drawn.
pub(super) fn shown(figure: Option<&Figure>) -> Shown {
    let Some(figure) = figure else { return Shown::Absent };
    match figure.mean {
        Some(mean) => Shown::Value(mean as f64, figure.bound.map_or("", sign)),
        None if &*figure.status == "withheld" => Shown::Withheld,
        None => Shown::Absent,
    }
}

pub(super) fn sign(bound: Bound) -> &'static str {
    match bound {
        Bound::Le => "≤\u{a0}",
        Bound::Ge => "≥\u{a0}",
    }
}

/// Quartiles of a published histogram: lower and upper.
fn quartiles(edition: &Edition, figure: &Figure) -> Option<(f64, f64)> {
    let key = (&*figure.instrument, &*figure.indicator, &*figure.group, figure.year);
    let counts = edition.membership.histogram(key.0, key.1, key.2, key.3)?;
    let total: i64 = counts.iter().sum();
    let shares = counts.iter().map(|count| *count as f64 / total.max(1) as f64).collect();
    let step = i64::from(edition.release.manifest.policy.histogram_step);
    let distribution = Distribution::new(shares, step);
    Some((distribution.quantile(0.25, 5) as f64, distribution.quantile(0.75, 5) as f64))
}
