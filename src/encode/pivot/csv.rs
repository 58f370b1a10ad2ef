//! A pivoted cube as `PxWeb` writes CSV: texts in quotation marks, numbers without, symbols where there is no number.

use std::io::Write;

use super::{Pivot, symbol};
use crate::encode::EncodeError;

/// Writes a pivoted cube with a separator between fields, decimal points, and lines that end as RFC 4180 has it.
pub fn write(pivot: &Pivot, separator: char, out: &mut dyn Write) -> Result<(), EncodeError> {
    let mut line = String::new();
    if pivot.title {
        quote(&mut line, pivot.language.of(&pivot.cube.title));
        line.push_str("\r\n\r\n");
    }
    for (at, dimension) in pivot.stub().iter().enumerate() {
        separate(&mut line, at, separator);
        quote(&mut line, &pivot.dimension(dimension));
    }
    let labels = pivot.stub().len();
    for (at, name) in pivot.column_names().iter().enumerate() {
        separate(&mut line, labels + at, separator);
        quote(&mut line, name);
    }
    line.push_str("\r\n");
    for (categories, first, cells) in pivot.rows() {
        for (at, category) in categories.iter().enumerate() {
            separate(&mut line, at, separator);
            quote(&mut line, &pivot.category(category));
        }
        for (at, cell) in cells.iter().enumerate() {
            separate(&mut line, categories.len() + at, separator);
            match cell.value {
                Some(value) => {
                    let text = format!("{value:.0$}", pivot.decimals(first + at));
                    line.push_str(&text);
                }
                None => quote(&mut line, symbol(cell)),
            }
        }
        line.push_str("\r\n");
        out.write_all(line.as_bytes())?;
        line.clear();
    }
    Ok(out.write_all(line.as_bytes())?)
}

fn separate(line: &mut String, at: usize, separator: char) {
    if at > 0 {
        line.push(separator);
    }
}

fn quote(line: &mut String, text: &str) {
    line.push('"');
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::pivot::{
        Shown,
        tests::{cube, pivot},
    };

    fn written(pivot: &Pivot, separator: char) -> String {
        let mut out = Vec::new();
        write(pivot, separator, &mut out).unwrap();
        String::from_utf8(out).unwrap().replace("\r\n", "\n")
    }

    #[test]
    fn texts_are_quoted_and_numbers_are_not() {
        let cube = cube();
        assert_eq!(
            written(&pivot(&cube, 2, Shown::Texts, true), ','),
            "\"Mognad & \"\"mål\"\"\"\n\n\
             \"Grupp\",\"Tabellinnehåll\",\"2019\",\"2020\"\n\
             \"Alla\",\"Medelvärde\",47,48\n\
             \"Alla\",\"Avvikelse\",9.0,9.5\n\
             \"Små; <10 000\",\"Medelvärde\",\"..\",31\n\
             \"Små; <10 000\",\"Avvikelse\",\"..\",-0.5\n"
        );
        assert_eq!(
            written(&pivot(&cube, 1, Shown::Codes, false), ';'),
            "\"group_id\";\"mean 2019\";\"mean 2020\";\"deviation 2019\";\"deviation 2020\"\n\
             \"all\";47;48;9.0;9.5\n\"size:0-10k\";\"..\";31;\"..\";-0.5\n"
        );
        assert_eq!(
            written(&pivot(&cube, 1, Shown::CodesAndTexts, false), '\t').lines().next().unwrap(),
            "\"group_id Grupp\"\t\"mean Medelvärde 2019\"\t\"mean Medelvärde 2020\"\t\"deviation Avvikelse 2019\"\t\"deviation Avvikelse 2020\""
        );
    }

    #[test]
    fn a_table_can_have_no_stub_or_no_heading() {
        let cube = cube();
        let lines = |stub: usize| {
            let text = written(&pivot(&cube, stub, Shown::Codes, false), ',');
            text.lines().map(|line| line.matches("\",").count()).collect::<Vec<_>>()
        };
        assert_eq!(lines(0).len(), 2);
        assert_eq!(lines(3).len(), 9);
    }
}
