//! A line over years, broken where the series is, with the path of a target beside it.

use super::{Canvas, Drawing, Shown, WIDTH};
use crate::web::Words;

/// A value of a year.
#[derive(Debug, Clone)]
pub(in crate::web) struct Point {
    pub(in crate::web) year: i64,
    pub(in crate::web) value: Shown,
    /// Years of different series are not joined.
    pub(in crate::web) series: String,
}

/// The path of a target: first and last year, each with its value.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Path {
    pub(in crate::web) from: (i64, i64),
    pub(in crate::web) to: (i64, i64),
}

const LEFT: f64 = 36.0;
const RIGHT: f64 = WIDTH - 34.0;
const INDENT: f64 = 16.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 214.0;

/// Draws points in the order of their years.
pub(in crate::web) fn draw(points: &[Point], path: Option<Path>, words: Words) -> Drawing {
    let mut out = Canvas::default();
    let years = || points.iter().map(|point| point.year);
    let ends = |path: Path| [path.from.0, path.to.0];
    let first = years().chain(path.into_iter().flat_map(ends)).min().unwrap_or_default();
    let last = years().chain(path.into_iter().flat_map(ends)).max().unwrap_or_default().max(first + 1);
    // so far in that the first value does not run into the scale
    let step = (RIGHT - LEFT - INDENT) / (last - first) as f64;
    let x = |year: i64| LEFT + INDENT + (year - first) as f64 * step;
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * value / 100.0;
    for mark in [0.0, 20.0, 40.0, 60.0, 80.0, 100.0] {
        out.line((LEFT, y(mark)), (RIGHT, y(mark)), if mark == 0.0 { "axis" } else { "grid" });
        out.text(LEFT - 6.0, y(mark) + 4.0, "end", "small", &words.percent(mark));
    }
    // as many years are written as there is room for, and always the last
    let every = ((last - first) / 7 + 1).max(1);
    for year in (first..=last).filter(|year| (last - year) % every == 0) {
        out.text(x(year), BOTTOM + 17.0, "middle", "small", &year.to_string());
        out.line((x(year), BOTTOM), (x(year), BOTTOM + 4.0), "axis");
    }
    if let Some(path) = path {
        out.line((x(path.from.0), y(path.from.1 as f64)), (x(path.to.0), y(path.to.1 as f64)), "path");
        out.diamond(x(path.to.0), y(path.to.1 as f64), 6.0, "goal");
        let text = words.with("chart-goal", "value", words.percent(path.to.1 as f64));
        out.text(x(path.to.0) + 8.0, y(path.to.1 as f64) - 11.0, "end", "label", &text);
    }
    for pair in points.windows(2).filter(|pair| pair[0].series != pair[1].series) {
        let middle = f64::midpoint(x(pair[0].year), x(pair[1].year));
        out.line((middle, TOP), (middle, BOTTOM), "break");
        out.upright(middle - 4.0, BOTTOM - 6.0, "small", &words.say("chart-break"));
    }
    for point in points.iter().filter(|point| point.value == Shown::Withheld) {
        let width = (step * 0.8).min(24.0);
        out.hatched(x(point.year) - width / 2.0, TOP, width, BOTTOM - TOP);
        out.upright(x(point.year) + 4.0, BOTTOM - 8.0, "small", &words.say("withheld"));
    }
    for run in points.chunk_by(|a, b| a.series == b.series && a.value.value().is_some() == b.value.value().is_some()) {
        let line: Vec<(f64, f64)> =
            run.iter().filter_map(|point| Some((x(point.year), y(point.value.value()?)))).collect();
        if line.len() > 1 {
            out.polyline(&line, "line");
        }
        for (x, y) in line {
            out.circle(x, y, 4.5, "point");
        }
    }
    let shown: Vec<&Point> = points.iter().filter(|point| point.value.value().is_some()).collect();
    let room = if step < 48.0 { 2 } else { 1 };
    for (at, point) in shown.iter().enumerate() {
        // the last value is the news; others are written where they do not run into each other
        if (shown.len() - 1 - at).is_multiple_of(room) {
            let value = point.value.value().unwrap_or_default();
            // beneath the line where the path of the target runs just above it
            let is_near_path = path.is_some_and(|path| {
                let gone = (point.year - path.from.0) as f64 / (path.to.0 - path.from.0).max(1) as f64;
                let there = path.from.1 as f64 + (path.to.1 - path.from.1) as f64 * gone;
                (0.0..=1.0).contains(&gone) && (0.0..14.0).contains(&(there - value))
            });
            let off = if is_near_path { 20.0 } else { -10.0 };
            out.text(x(point.year), y(value) + off, "middle", "label", &point.value.text(words));
        }
    }
    out.done(BOTTOM + 26.0)
}
