//! Bars from 0 to 100 per cent, one below the other, with a range and marks beside each.

use super::{Canvas, Drawing, Shown, WIDTH, fitting, scale};
use crate::web::Words;

/// A bar.
#[derive(Debug, Clone)]
pub(in crate::web) struct Bar {
    pub(in crate::web) name: String,
    pub(in crate::web) value: Shown,
    /// Lower and upper quartile of those that the bar stands for.
    pub(in crate::web) range: Option<(f64, f64)>,
    /// A value beside it, such as one's own.
    pub(in crate::web) mark: Option<f64>,
}

const LEFT: f64 = 2.0;
const RIGHT: f64 = WIDTH - 58.0;
const ROW: f64 = 40.0;

/// Of more bars than these each stands beside its name and not below it.
const MANY: usize = 10;
const ROW_OF_MANY: f64 = 22.0;
const LEFT_OF_MANY: f64 = 150.0;

/// Draws bars in their order.
pub(in crate::web) fn draw(bars: &[Bar], words: Words) -> Drawing {
    if bars.len() > MANY {
        return many(bars, words);
    }
    let mut out = Canvas::default();
    let bottom = bars.len() as f64 * ROW + 2.0;
    let x = |value: f64| LEFT + (RIGHT - LEFT) * value / 100.0;
    scale(&mut out, LEFT, RIGHT, 0.0, bottom, words);
    for (at, bar) in bars.iter().enumerate() {
        let top = at as f64 * ROW;
        out.text(LEFT, top + 14.0, "start", "name", &fitting(&bar.name, 52));
        let text = bar.value.text(words);
        match bar.value {
            Shown::Value(value, _) => {
                out.rect(LEFT, top + 20.0, x(value) - LEFT, 15.0, "bar");
                let end = bar.range.map_or(value, |(_, upper)| upper.max(value)).max(bar.mark.unwrap_or_default());
                out.text(x(end) + 8.0, top + 32.0, "start", "label", &text);
            }
            Shown::Withheld => {
                out.hatched(LEFT, top + 20.0, RIGHT - LEFT, 15.0);
                out.text(RIGHT + 6.0, top + 32.0, "start", "small", &text);
            }
            Shown::Absent => out.text(LEFT, top + 32.0, "start", "small", &text),
        }
        if let Some((lower, upper)) = bar.range {
            out.line((x(lower), top + 27.5), (x(upper), top + 27.5), "range");
            for end in [lower, upper] {
                out.line((x(end), top + 22.5), (x(end), top + 32.5), "range");
            }
        }
        if let Some(mark) = bar.mark {
            out.diamond(x(mark), top + 27.5, 8.0, "mark");
        }
    }
    out.done(bottom + 20.0)
}

/// Many bars, which have neither ranges nor marks.
fn many(bars: &[Bar], words: Words) -> Drawing {
    let mut out = Canvas::default();
    let bottom = bars.len() as f64 * ROW_OF_MANY + 2.0;
    let x = |value: f64| LEFT_OF_MANY + (RIGHT - LEFT_OF_MANY) * value / 100.0;
    scale(&mut out, LEFT_OF_MANY, RIGHT, 0.0, bottom, words);
    for (at, bar) in bars.iter().enumerate() {
        let top = at as f64 * ROW_OF_MANY;
        let text = bar.value.text(words);
        out.text(LEFT_OF_MANY - 8.0, top + 15.0, "end", "row", &fitting(&bar.name, 22));
        match bar.value {
            Shown::Value(value, _) => {
                out.rect(LEFT_OF_MANY, top + 4.0, x(value) - LEFT_OF_MANY, 14.0, "bar");
                out.text(x(value) + 6.0, top + 15.5, "start", "label", &text);
            }
            Shown::Withheld => {
                out.hatched(LEFT_OF_MANY, top + 4.0, RIGHT - LEFT_OF_MANY, 14.0);
                out.text(RIGHT + 6.0, top + 15.0, "start", "small", &text);
            }
            Shown::Absent => out.text(LEFT_OF_MANY, top + 15.0, "start", "small", &text),
        }
    }
    out.done(bottom + 20.0)
}
