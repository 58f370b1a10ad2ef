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

/// Lower ends of the classes of shades that are told apart, per cent.
const CLASSES: [f64; 4] = [20.0, 40.0, 60.0, 80.0];

fn shade(value: f64) -> usize {
    CLASSES.iter().filter(|from| value >= **from).count()
}

/// Draws all counties; those that are not in the list have no value.
pub(in crate::web) fn draw(counties: &[County], words: Words) -> Drawing {
    let mut out = Canvas::default();
    let of = |code: &str| counties.iter().find(|county| county.code == code).map_or(&Shown::Absent, |own| &own.value);
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
    for (class, from) in [0.0].iter().chain(&CLASSES).enumerate() {
        out.rect(x, y, 22.0, 14.0, &format!("county shade-{class}"));
        let text = format!("{from}–{}", words.percent(from + 19.0));
        let text = if class == CLASSES.len() { format!("{from}–{}", words.percent(100.0)) } else { text };
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
    fn every_county_has_an_outline() {
        assert_eq!(OUTLINES.len(), 21);
        for outline in OUTLINES.iter() {
            assert!(outline.path.starts_with('M') && outline.path.ends_with('Z'), "{}", outline.code);
            assert!((0.0..280.0).contains(&outline.label_x) && (0.0..HEIGHT).contains(&outline.label_y));
        }
    }
}
