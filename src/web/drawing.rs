//! Drawings as the inner part of an SVG: what all forms share; each form has a file of its own, and what is drawn is `chart`'s.

pub(super) mod bars;
pub(super) mod dots;
pub(super) mod histogram;
pub(super) mod line;
pub(super) mod map;
pub(super) mod multiples;

use std::fmt::Write as _;

use super::Words;

/// Units of width that every drawing has; on a telephone a unit is about a pixel, so that letters stay legible.
const WIDTH: f64 = 400.0;

/// What is drawn: the inner part of an SVG.
#[derive(Debug, Clone, Default)]
pub(super) struct Drawing {
    /// Units of width.
    pub(super) width: f64,
    /// Units of height.
    pub(super) height: f64,
    /// Elements.
    pub(super) elements: String,
}

/// A number that is drawn, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shown {
    /// Per cent; with a sign before it where it is the end of the coded range.
    Value(f64, &'static str),
    /// Not shown, to protect those who answered.
    Withheld,
    /// There is none.
    Absent,
}

impl Shown {
    /// As it is written beside a mark and in the table.
    pub(super) fn text(&self, words: Words) -> String {
        match self {
            Self::Value(value, sign) => format!("{sign}{}", words.percent(*value)),
            Self::Withheld => words.say("withheld"),
            Self::Absent => "–".to_owned(),
        }
    }

    pub(super) fn value(&self) -> Option<f64> {
        if let Self::Value(value, _) = self { Some(*value) } else { None }
    }
}

/// A number of units, in tenths.
pub(super) fn short(number: f64) -> String {
    let rounded = (number * 10.0).round() / 10.0;
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A name that has room in the width of a drawing; the whole of it stands in the table.
fn fitting(name: &str, letters: usize) -> String {
    if name.chars().count() <= letters {
        return name.to_owned();
    }
    let mut cut: String = name.chars().take(letters - 1).collect();
    cut.truncate(cut.trim_end().len());
    cut + "…"
}

/// Classes of text that can stand on lines and areas, and is first drawn as a wider one in the colour of the paper.
const HALOED: [&str; 3] = ["label", "name", "on-map"];

/// What drawings are written on.
#[derive(Debug, Default)]
pub(super) struct Canvas(pub(super) String);

impl Canvas {
    pub(super) fn text(&mut self, x: f64, y: f64, anchor: &str, class: &str, text: &str) {
        let (x, y, text) = (short(x), short(y), escaped(text));
        if HALOED.contains(&class) {
            let _ = write!(
                self.0,
                "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" class=\"{class} halo\">{text}</text>"
            );
        }
        // writing to a string does not fail
        let _ = write!(self.0, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>");
    }

    fn upright(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let (x, y, text) = (short(x), short(y), escaped(text));
        let _ = write!(
            self.0,
            "<text transform=\"translate({x} {y}) rotate(-90)\" text-anchor=\"start\" class=\"{class}\">{text}</text>"
        );
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(short);
        let _ = write!(self.0, "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" class=\"{class}\"/>");
    }

    fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, class: &str) {
        let [x, y, width, height] = [x, y, width, height].map(short);
        let _ = write!(self.0, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" class=\"{class}\"/>");
    }

    /// A field in which a value would stand that is not shown.
    fn hatched(&mut self, x: f64, y: f64, width: f64, height: f64) {
        let [x, y, width, height] = [x, y, width, height].map(short);
        let _ = write!(
            self.0,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" class=\"withheld\" fill=\"url(#hatch)\"/>"
        );
    }

    /// The same of any form.
    fn hatched_path(&mut self, d: &str) {
        let _ = write!(self.0, "<path d=\"{d}\" class=\"withheld\" fill=\"url(#hatch)\"/>");
    }

    fn circle(&mut self, x: f64, y: f64, radius: f64, class: &str) {
        let [x, y, radius] = [x, y, radius].map(short);
        let _ = write!(self.0, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" class=\"{class}\"/>");
    }

    fn diamond(&mut self, x: f64, y: f64, radius: f64, class: &str) {
        let [top, right, bottom, left] = [y - radius, x + radius, y + radius, x - radius].map(short);
        let (x, y) = (short(x), short(y));
        self.path(&format!("M{x} {top}L{right} {y}L{x} {bottom}L{left} {y}Z"), class);
    }

    fn path(&mut self, d: &str, class: &str) {
        let _ = write!(self.0, "<path d=\"{d}\" class=\"{class}\"/>");
    }

    fn polyline(&mut self, points: &[(f64, f64)], class: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", short(*x), short(*y))).collect();
        let _ = write!(self.0, "<polyline points=\"{}\" class=\"{class}\"/>", points.join(" "));
    }

    fn done(self, height: f64) -> Drawing {
        Drawing { width: WIDTH, height, elements: self.0 }
    }
}

/// A scale of per cent across a drawing, with its marks.
fn scale(out: &mut Canvas, left: f64, right: f64, top: f64, bottom: f64, words: Words) {
    let is_narrow = right - left < 250.0;
    for (mark, anchor) in [(0.0, "start"), (25.0, "middle"), (50.0, "middle"), (75.0, "middle"), (100.0, "end")] {
        // only as many as have room
        if is_narrow && mark % 50.0 > 0.0 {
            continue;
        }
        let x = left + (right - left) * mark / 100.0;
        out.line((x, top), (x, bottom), "grid");
        out.text(x, bottom + 15.0, anchor, "small", &words.percent(mark));
    }
}
