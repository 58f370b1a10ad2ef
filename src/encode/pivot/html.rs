//! A pivoted cube as an HTML document with one table: each number has the headings of its row and its column, and what symbols
//! and figures mean stands below.

use std::io::Write;

use super::{Pivot, size, symbol};
use crate::encode::EncodeError;

/// Writes a pivoted cube with notes below it.
pub fn write(pivot: &Pivot, notes: &[&str], out: &mut dyn Write) -> Result<(), EncodeError> {
    let title = escaped(pivot.language.of(&pivot.cube.title));
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n<table>\n",
        pivot.language.tag()
    )?;
    if pivot.title {
        writeln!(out, "<caption>{title}</caption>")?;
    }
    out.write_all(b"<thead>\n")?;
    head(pivot, out)?;
    out.write_all(b"</thead>\n<tbody>\n")?;
    for (categories, first, cells) in pivot.rows() {
        out.write_all(b"<tr>")?;
        for category in categories {
            write!(out, "<th scope=\"row\">{}</th>", escaped(&pivot.category(category)))?;
        }
        for (at, cell) in cells.iter().enumerate() {
            match cell.value {
                Some(value) => write!(out, "<td>{value:.0$}</td>", pivot.decimals(first + at))?,
                None => write!(out, "<td>{}</td>", symbol(cell))?,
            }
        }
        out.write_all(b"</tr>\n")?;
    }
    out.write_all(b"</tbody>\n</table>\n")?;
    for note in notes {
        writeln!(out, "<p>{}</p>", escaped(note))?;
    }
    Ok(out.write_all(b"</body>\n</html>\n")?)
}

/// A line of headings for each dimension across the top; the names of those down the side stand in the first of them.
fn head(pivot: &Pivot, out: &mut dyn Write) -> Result<(), EncodeError> {
    let heading = pivot.heading();
    let lines = heading.len().max(1);
    for line in 0..lines {
        out.write_all(b"<tr>")?;
        if line == 0 {
            let span = if lines > 1 { format!(" rowspan=\"{lines}\"") } else { String::new() };
            for dimension in pivot.stub() {
                write!(out, "<th scope=\"col\"{span}>{}</th>", escaped(&pivot.dimension(dimension)))?;
            }
        }
        let Some(dimension) = heading.get(line) else {
            for name in pivot.column_names() {
                write!(out, "<th scope=\"col\">{}</th>", escaped(&name))?;
            }
            out.write_all(b"</tr>\n")?;
            continue;
        };
        let (times, below) = (size(&heading[..line]), size(&heading[line + 1..]));
        let scope = if line + 1 == heading.len() {
            "scope=\"col\"".to_owned()
        } else {
            format!("scope=\"colgroup\" colspan=\"{below}\"")
        };
        for _ in 0..times {
            for category in &dimension.categories {
                write!(out, "<th {scope}>{}</th>", escaped(&pivot.category(category)))?;
            }
        }
        out.write_all(b"</tr>\n")?;
    }
    Ok(())
}

/// A text as it can stand in an element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::pivot::{
        Shown,
        tests::{cube, pivot},
    };

    fn written(pivot: &Pivot) -> String {
        let mut out = Vec::new();
        write(pivot, &["Mer: a < b"], &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_cell_stands_under_its_headings() {
        let cube = cube();
        let text = written(&pivot(&cube, 1, Shown::Texts, true));
        for part in [
            "<html lang=\"sv\">",
            "<caption>Mognad &amp; \"mål\"</caption>",
            "<tr><th scope=\"col\" rowspan=\"2\">Grupp</th><th scope=\"colgroup\" colspan=\"2\">Medelvärde</th>",
            "<tr><th scope=\"col\">2019</th><th scope=\"col\">2020</th><th scope=\"col\">2019</th><th scope=\"col\">2020</th></tr>",
            "<tr><th scope=\"row\">Små; &lt;10 000</th><td>..</td><td>31</td><td>..</td><td>-0.5</td></tr>",
            "<p>Mer: a &lt; b</p>",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        for stub in 0..=3 {
            let text = written(&pivot(&cube, stub, Shown::Codes, false));
            assert_eq!(text.matches("<td>").count(), cube.cells.len(), "{stub}");
            assert!(!text.contains("<caption>"));
        }
    }
}
