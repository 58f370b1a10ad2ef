//! PX files read back by a reader of their own.

use proptest::prelude::*;

use super::*;
use crate::encode::{
    Names, Value,
    generated::{bytes, document, of, simple},
};

/// What stands behind each keyword with its language and keys, and the cells.
type File = (HashMap<String, Vec<String>>, Vec<String>);

/// A reader of its own: it follows the format's text and knows nothing of the writer.
fn read(document: &Document) -> File {
    let file = String::from_utf8(bytes(&Px, document)).unwrap();
    assert!(file.lines().take_while(|line| *line != "DATA=").all(|line| line.chars().count() <= 256), "{file}");
    let (head, data) = file.split_once("\r\nDATA=\r\n").unwrap();
    let (mut keywords, mut keyword, mut values) = (HashMap::new(), String::new(), vec![String::new()]);
    let (mut quoted, mut is_value) = (false, false);
    for c in head.chars() {
        match c {
            '"' => quoted = !quoted,
            c if quoted && is_value => values.last_mut().unwrap().push(c),
            c if quoted => keyword.push(c),
            '=' if !is_value => is_value = true,
            ',' if is_value => values.push(String::new()),
            ';' => {
                let before =
                    keywords.insert(std::mem::take(&mut keyword), std::mem::replace(&mut values, vec![String::new()]));
                assert!(before.is_none(), "a keyword stands twice");
                is_value = false;
            }
            c if c.is_control() => {}
            c if is_value => values.last_mut().unwrap().push(c),
            c => keyword.push(c),
        }
    }
    let cells =
        data.trim_end().strip_suffix(';').unwrap().split_whitespace().map(|cell| cell.trim_matches('"').to_owned());
    (keywords, cells.collect())
}

#[test]
fn a_file_says_all_that_it_has_to() {
    let mut rows = vec![
        simple(2018, Status::Ok, Value::Number(41.5)),
        simple(2019, Status::Withheld, Value::Null),
        simple(2020, Status::Provisional, Value::Whole(47)),
    ];
    rows[2][6] = Value::text("le");
    let document = of(rows, Names::default());
    let (keywords, cells) = read(&document);
    let value = |keyword: &str| keywords.get(keyword).unwrap_or_else(|| panic!("{keyword}")).join("|");
    assert_eq!(cells, ["41.5", "..", "47", "233", "233", "233"]);
    for (keyword, expected) in [
        ("CHARSET", "ANSI"),
        ("AXIS-VERSION", "2013"),
        ("CODEPAGE", "utf-8"),
        ("LANGUAGE", "sv"),
        ("LANGUAGES", "sv|en"),
        ("CREATION-DATE", "20210514 08:00"),
        ("DECIMALS", "1"),
        ("SHOWDECIMALS", "0"),
        ("MATRIX", "generated"),
        ("AGGREGALLOWED", "NO"),
        ("SUBJECT-CODE", "digital-maturity"),
        ("TITLE", "Påhittade efter å indicator, å group_id, uppgift och å year"),
        ("CONTENTS[en]", "Made up"),
        ("STUB", "Å indicator|Å group_id|Uppgift"),
        ("HEADING[en]", "E year"),
        ("CONTVARIABLE", "Uppgift"),
        ("VARIABLECODE(Å group_id)", "group_id"),
        ("VALUES(Uppgift)", "Å mean|Å organisations"),
        ("VALUES[en](Contents)", "E mean|E organisations"),
        ("CODES(Uppgift)", "mean|organisations"),
        ("TIMEVAL(Å year)", "TLIST(A1)|2018|2019|2020"),
        ("PRECISION(Uppgift,Å mean)", "1"),
        ("UNITS[en](E mean)", "per cent"),
        ("LAST-UPDATED(Å mean)", "20210514 08:00"),
        ("SOURCE[en]", "Source: mognad, release abc"),
        ("NOTEX", "Syntetiska data."),
        ("DATASYMBOL1", "."),
        ("DATASYMBOL2", ".."),
        ("DATASYMBOL3", "..."),
        ("DATASYMBOL4", "...."),
        ("DATANOTECELL(index,all,mean,2020)", "≤"),
        ("ATTRIBUTE-ID", "STATUS|BOUND"),
        ("ATTRIBUTES", "ok|-"),
        ("ATTRIBUTES(index,all,mean,2020)", "provisional|le"),
    ] {
        assert_eq!(value(keyword), expected, "{keyword}");
    }
    let note = value("NOTE[en]");
    for expected in [
        "A row for each measure",
        "..: not shown (disclosure control)",
        "≤: at most",
        document.meta.release.as_str(),
        LICENCE,
    ] {
        assert!(note.contains(expected), "{note}");
    }
}

#[test]
fn names_stand_once() {
    let pairs = [("Ale", "1440"), ("Ale", "x"), ("Alvesta", "0764"), ("", "0"), ("\"A\"", "a")];
    assert_eq!(distinct(pairs.into_iter()), ["Ale (1440)", "Ale (x)", "Alvesta", "0", "”A”"]);
    let long = "å".repeat(300);
    let cut = distinct([(long.as_str(), "1"), (long.as_str(), "2")].into_iter());
    assert!(cut[0] != cut[1] && cut.iter().all(|name| name.chars().count() <= 256));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_cell_is_read_as_it_was_written(document in document()) {
        let (keywords, cells) = read(&document);
        let cube = Cube::of(&document).unwrap();
        prop_assert_eq!(cells.len(), cube.cells.len());
        for (read, cell) in cells.iter().zip(&cube.cells) {
            let is_same = match cell.value {
                Some(value) => read.parse() == Ok(value),
                None => Some(read.as_str()) == cell.status.px(),
            };
            prop_assert!(is_same, "{:?} {:?}", read, cell);
        }
        let first = document.language;
        for (at, keyword) in ["STUB", "HEADING"].into_iter().enumerate() {
            for (place, name) in keywords[keyword].iter().enumerate() {
                let dimension = &cube.dimensions[at * 3 + place];
                let codes: Vec<&str> = keywords[&format!("CODES({name})")].iter().map(String::as_str).collect();
                prop_assert_eq!(codes, dimension.categories.iter().map(|own| &*own.code).collect::<Vec<_>>());
                let names = &keywords[&format!("VALUES({name})")];
                prop_assert_eq!(names.len(), dimension.categories.len());
                for (read, category) in names.iter().zip(&dimension.categories) {
                    let own = clean(first.of(&category.name));
                    let begin: String = own.chars().take(60).collect();
                    prop_assert!(own.is_empty() || read.starts_with(begin.trim_end()), "{:?} {:?}", read, own);
                }
            }
        }
    }
}
