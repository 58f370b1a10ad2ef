//! Small lines beside each other on the same scales, one for each of several measures.

use super::{Canvas, Drawing, Shown, WIDTH, fitting, line::Point};
use crate::web::Words;

/// A small line.
#[derive(Debug, Clone)]
pub(in crate::web) struct Panel {
    pub(in crate::web) name: String,
    pub(in crate::web) points: Vec<Point>,
}

const COLUMNS: usize = 2;
const GAP: f64 = 20.0;
const PANEL: f64 = (WIDTH - GAP) / 2.0;
const HEIGHT: f64 = 118.0;

/// Draws panels in rows of two.
pub(in crate::web) fn draw(panels: &[Panel], words: Words) -> Drawing {
    let mut out = Canvas::default();
    let years = || panels.iter().flat_map(|panel| panel.points.iter().map(|point| point.year));
    let first = years().min().unwrap_or_default();
    let last = years().max().unwrap_or_default().max(first + 1);
    for (at, panel) in panels.iter().enumerate() {
        let left = (at % COLUMNS) as f64 * (PANEL + GAP);
        let top = (at / COLUMNS) as f64 * HEIGHT;
        let (high, low) = (top + 24.0, top + 88.0);
        let x = |year: i64| left + 12.0 + (PANEL - 62.0) * (year - first) as f64 / (last - first) as f64;
        let y = |value: f64| low - (low - high) * value / 100.0;
        out.text(left, top + 13.0, "start", "name", &fitting(&panel.name, 24));
        for mark in [0.0, 50.0, 100.0] {
            out.line((left, y(mark)), (left + PANEL - 44.0, y(mark)), if mark == 0.0 { "axis" } else { "grid" });
        }
        out.text(left, low + 15.0, "start", "small", &first.to_string());
        out.text(left + PANEL - 44.0, low + 15.0, "end", "small", &last.to_string());
        for run in
            panel.points.chunk_by(|a, b| a.series == b.series && a.value.value().is_some() == b.value.value().is_some())
        {
            let points: Vec<(f64, f64)> =
                run.iter().filter_map(|point| Some((x(point.year), y(point.value.value()?)))).collect();
            if points.len() > 1 {
                out.polyline(&points, "line");
            }
            for (x, y) in points {
                out.circle(x, y, 2.5, "point");
            }
        }
        for point in panel.points.iter().filter(|point| point.value == Shown::Withheld) {
            out.hatched(x(point.year) - 4.0, high, 8.0, low - high);
        }
        if let Some(point) = panel.points.last() {
            let height = point.value.value().map_or(f64::midpoint(high, low), y);
            out.text(left + PANEL - 40.0, height + 4.5, "start", "label", &point.value.text(words));
        }
    }
    out.done(panels.len().div_ceil(COLUMNS) as f64 * HEIGHT)
}
