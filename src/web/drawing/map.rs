//! A map of the counties, on which each has its value as a number; outlines are register data.

use std::sync::LazyLock;

use super::{Canvas, Drawing, Shown};
use crate::web::Words;

/// A county on the map.
#[derive(Debug, Clone)]
pub(in crate::web) struct County {
    pub(in crate::web) code: String,
    pub(in crate::web) value: Shown,
}

/// A county's outline and a point well within it.
#[derive(Debug, serde::Deserialize)]
struct Outline {
    code: String,
    label_x: f64,
    label_y: f64,
    path: String,
}

static OUTLINES: LazyLock<Vec<Outline>> = LazyLock::new(|| {
    let text = include_str!("../../../data-samples/register/county_outlines.csv");
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    reader.deserialize().filter_map(Result::ok).collect()
});

const HEIGHT: f64 = 632.0;
const LEFT: f64 = 4.0;

/// Shades that are told apart.
const SHADES: i64 = 5;

/// Classes of whole per cent that the shades stand for: the lower end of the first, and how wide each is. They follow the values, so
/// that differences can be seen; the numbers stand in the counties.
fn classes(values: impl Iterator<Item = f64>) -> Option<(i64, i64)> {
    let (least, most) = values.fold(None, |ends: Option<(f64, f64)>, value| {
        Some(ends.map_or((value, value), |(least, most)| (least.min(value), most.max(value))))
    })?;
    let (least, most) = (least.floor() as i64, most.floor() as i64);
    Some((least, (most - least + SHADES) / SHADES))
}

/// Draws all counties; those that are not in the list have no value.
pub(in crate::web) fn draw(counties: &[County], words: Words) -> Drawing {
    let mut out = Canvas::default();
    let of = |code: &str| counties.iter().find(|county| county.code == code).map_or(&Shown::Absent, |own| &own.value);
    let values = OUTLINES.iter().filter_map(|outline| of(&outline.code).value());
    let (first, width) = classes(values).unwrap_or((0, 20));
    let shade = |value: f64| ((value.floor() as i64 - first) / width).clamp(0, SHADES - 1);
    out.0.push_str("<g transform=\"translate(4 2)\">");
    for outline in OUTLINES.iter() {
        match of(&outline.code) {
            Shown::Value(value, _) => out.path(&outline.path, &format!("county shade-{}", shade(*value))),
            Shown::Withheld => {
                out.path(&outline.path, "county");
                out.hatched_path(&outline.path);
            }
            Shown::Absent => out.path(&outline.path, "county"),
        }
    }
    out.0.push_str("</g>");
    for outline in OUTLINES.iter() {
        let text = match of(&outline.code) {
            Shown::Value(value, sign) => format!("{sign}{value}"),
            Shown::Withheld | Shown::Absent => continue,
        };
        out.text(LEFT + outline.label_x, 2.0 + outline.label_y + 4.5, "middle", "on-map", &text);
    }
    // the legend, where there is only sea
    let (x, mut y) = (286.0, 430.0);
    for class in 0..SHADES {
        let (from, to) = (first + class * width, (first + (class + 1) * width - 1).min(100));
        out.rect(x, y, 22.0, 14.0, &format!("county shade-{class}"));
        let text = if from == to { words.percent(to as f64) } else { format!("{from}–{}", words.percent(to as f64)) };
        out.text(x + 30.0, y + 12.0, "start", "small", &text);
        y += 22.0;
    }
    out.hatched(x, y, 22.0, 14.0);
    out.text(x + 30.0, y + 12.0, "start", "small", &words.say("withheld"));
    out.done(HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_cover_the_values() {
        for values in [vec![43.0, 49.0], vec![47.0], vec![0.0, 100.0], vec![5.0, 95.0]] {
            let (first, width) = classes(values.iter().copied()).unwrap();
            assert!(values.iter().all(|value| (0..SHADES).contains(&((*value as i64 - first) / width))), "{values:?}");
        }
        assert_eq!(classes([43.0, 49.0].into_iter()), Some((43, 2)));
        assert_eq!(classes(std::iter::empty()), None);
    }

    #[test]
    fn every_county_has_an_outline() {
        assert_eq!(OUTLINES.len(), 21);
        for outline in OUTLINES.iter() {
            assert!(outline.path.starts_with('M') && outline.path.ends_with('Z'), "{}", outline.code);
            assert!((0.0..280.0).contains(&outline.label_x) && (0.0..HEIGHT).contains(&outline.label_y));
        }
    }
}
