//! A distribution over classes of per cent, with its quartiles and a mark.

use super::{Canvas, Drawing, WIDTH};
use crate::web::Words;

const LEFT: f64 = 10.0;
const RIGHT: f64 = WIDTH - 10.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 200.0;

/// Draws shares of organisations by class, from 0 per cent up.
pub(in crate::web) fn draw(
    shares: &[f64],
    quartiles: Option<[i64; 3]>,
    mark: Option<(f64, String)>,
    words: Words,
) -> Drawing {
    let mut out = Canvas::default();
    let width = (RIGHT - LEFT) / shares.len().max(1) as f64;
    let most = shares.iter().copied().fold(0.01, f64::max);
    let x = |value: f64| LEFT + (RIGHT - LEFT) * value / 100.0;
    for (class, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        let height = (BOTTOM - TOP) * share / most;
        let left = LEFT + class as f64 * width;
        out.rect(left + 1.0, BOTTOM - height, width - 2.0, height, "bar");
        // in a tall bar the share stands within, where no line of quartiles or mark is drawn over it
        out.text(left + width / 2.0, BOTTOM - height - 4.0, "middle", "small", &words.percent((share * 100.0).round()));
    }
    out.line((LEFT, BOTTOM), (RIGHT, BOTTOM), "axis");
    for at in (0..=shares.len()).step_by(2) {
        let value = at as f64 * 100.0 / shares.len().max(1) as f64;
        let anchor = match value as i64 {
            0 => "start",
            100 => "end",
            _ => "middle",
        };
        out.text(x(value), BOTTOM + 16.0, anchor, "small", &words.percent(value));
    }
    if let Some([lower, middle, upper]) = quartiles {
        let y = BOTTOM + 30.0;
        out.line((x(lower as f64), y), (x(upper as f64), y), "spread");
        out.circle(x(middle as f64), y, 5.0, "point");
    }
    if let Some((value, text)) = mark {
        out.line((x(value), 24.0), (x(value), BOTTOM), "own");
        out.diamond(x(value), 24.0, 7.0, "mark");
        let anchor = if value > 60.0 { "end" } else { "start" };
        let off = if value > 60.0 { -12.0 } else { 12.0 };
        out.text(x(value) + off, 20.0, anchor, "label", &text);
    }
    out.done(BOTTOM + 40.0)
}
