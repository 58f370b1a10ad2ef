//! A dot for each of many groups on one scale, with its range; those that are not shown have a hatched line.

use super::{Canvas, Drawing, Shown, WIDTH, fitting, scale};
use crate::web::Words;

/// A group.
#[derive(Debug, Clone)]
pub(in crate::web) struct Dot {
    pub(in crate::web) name: String,
    pub(in crate::web) value: Shown,
    /// Lower and upper quartile.
    pub(in crate::web) range: Option<(f64, f64)>,
}

const LEFT: f64 = 8.0;
const RIGHT: f64 = WIDTH - 58.0;
const ROW: f64 = 38.0;

/// Draws groups in their order, beside the value of a whole that they are parts of.
pub(in crate::web) fn draw(dots: &[Dot], whole: Option<f64>, words: Words) -> Drawing {
    let mut out = Canvas::default();
    let bottom = dots.len() as f64 * ROW + 4.0;
    let x = |value: f64| LEFT + (RIGHT - LEFT) * value / 100.0;
    scale(&mut out, LEFT, RIGHT, 0.0, bottom, words);
    if let Some(whole) = whole {
        out.line((x(whole), 0.0), (x(whole), bottom), "whole");
    }
    for (at, dot) in dots.iter().enumerate() {
        let top = at as f64 * ROW;
        out.text(LEFT, top + 14.0, "start", "name", &fitting(&dot.name, 46));
        let y = top + 26.0;
        let text = dot.value.text(words);
        if let Some((lower, upper)) = dot.range {
            out.line((x(lower), y), (x(upper), y), "spread");
        }
        match dot.value {
            Shown::Value(value, _) => {
                out.circle(x(value), y, 6.0, "point");
                let end = dot.range.map_or(value, |(_, upper)| upper.max(value));
                out.text(x(end) + 10.0, y + 4.5, "start", "label", &text);
            }
            Shown::Withheld => {
                out.hatched(LEFT, y - 5.0, RIGHT - LEFT, 10.0);
                out.text(RIGHT + 6.0, y + 4.0, "start", "small", &text);
            }
            Shown::Absent => out.text(LEFT, y + 4.0, "start", "small", &text),
        }
    }
    out.done(bottom + 20.0)
}
