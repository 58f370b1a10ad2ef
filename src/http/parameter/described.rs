//! Every parameter of our own API in words, once: a name means the same at every resource; reading values is done elsewhere.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use crate::{encode::FORMATS, http::PROBLEMS};

/// How a value is written. Whoever reads a query refuses what is written otherwise, and the API's description says the same.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// A whole number from 1 to this.
    Whole(u64),
    /// A number from 0 to this, as JSON writes numbers.
    Number(f64),
    /// A day, `YYYY-MM-DD`.
    Day,
    /// One of these words.
    OneOf(fn() -> Vec<&'static str>),
    /// Text of this pattern, written in what all dialects of regular expressions share.
    Pattern(&'static str),
}

/// A parameter in words.
#[derive(Debug)]
pub struct ParameterText {
    /// Name in the query, or in braces in a path.
    pub name: &'static str,
    /// What it selects: Swedish, English.
    pub text: [&'static str; 2],
    /// A value to try.
    pub example: &'static str,
    /// How a value is written.
    pub form: Form,
}

impl ParameterText {
    /// Whether a value is written as the parameter's values are.
    pub fn accepts(&self, value: &str) -> bool {
        static PATTERNS: LazyLock<HashMap<&'static str, Regex>> = LazyLock::new(|| {
            let patterns = PARAMETERS.iter().filter_map(|parameter| match parameter.form {
                Form::Pattern(pattern) => Some((pattern, Regex::new(pattern).ok()?)),
                _ => None,
            });
            patterns.collect()
        });
        let is_plain = || !value.starts_with('0') && value.bytes().all(|byte| byte.is_ascii_digit());
        match self.form {
            Form::Whole(most) => is_plain() && value.parse().is_ok_and(|number| (1..=most).contains(&number)),
            // a text that is trimmed before it is read could be written in more ways than are described
            Form::Number(most) => {
                value.trim() == value
                    && serde_json::from_str::<f64>(value).is_ok_and(|number| (0.0..=most).contains(&number))
            }
            Form::Day => value.parse::<jiff::civil::Date>().is_ok_and(|day| day.to_string() == value),
            Form::OneOf(words) => words().contains(&value),
            Form::Pattern(pattern) => PATTERNS.get(pattern).is_some_and(|pattern| pattern.is_match(value)),
        }
    }
}

/// An id. A plus sign that is not encoded arrives as a blank.
macro_rules! id {
    () => {
        "[A-Za-z0-9][A-Za-z0-9:+. _-]*"
    };
}

/// A part of a selection of years; each is read by a file of `selection`.
macro_rules! years {
    () => {
        r"(\*|[0-9]{4}(-[0-9]{4})?|last\([1-9][0-9]{0,2}\)|(from|to)\([0-9]{4}\))"
    };
}

/// The id of a release, or the beginning of it.
macro_rules! release {
    () => {
        "[0-9a-fA-F]{8,64}"
    };
}

const ID: Form = Form::Pattern(concat!("^", id!(), "$"));

const IDS: Form = Form::Pattern(concat!(r"^(\*|", id!(), "(, ?", id!(), ")*)$"));

const PEERS: Form = Form::Pattern(concat!(
    "^(block|similar(:[0-9]{1,4})?|county|skr-group|group:",
    id!(),
    "|members:",
    id!(),
    "(, ?",
    id!(),
    ")*)$"
));

const YEARS: Form = Form::Pattern(concat!("^", years!(), "(, ?", years!(), ")*$"));

const YEAR: Form = Form::Pattern("^(19|20|21)[0-9]{2}$");

const BESIDE: Form = Form::Pattern(concat!("^(own-mean|peers|sector|all|group:", id!(), ")$"));

const RELEASE: Form = Form::Pattern(concat!("^", release!(), "$"));

/// A release in a path, where the current one also has a name.
pub(crate) const RELEASE_OR_CURRENT: Form = Form::Pattern(concat!("^(current|", release!(), ")$"));

const TABLE: Form = Form::Pattern("^[a-z_]+$");

const FILE: Form = Form::Pattern("^[a-z_]+[.][a-z-]+$");

fn codes() -> Vec<&'static str> {
    PROBLEMS.iter().map(|entry| entry.code).collect()
}

/// Every name that a format has.
fn formats() -> Vec<&'static str> {
    let names = |format: &&'static dyn crate::encode::Format| [&[format.name()], format.other_names()].concat();
    FORMATS.iter().flat_map(names).collect()
}

const fn text(name: &'static str, text: [&'static str; 2], example: &'static str, form: Form) -> ParameterText {
    ParameterText { name, text, example, form }
}

/// Every parameter.
pub static PARAMETERS: &[ParameterText] = &[
    text("after", ["Ett år efter gruppens år.", "A year after the years of the group."], "2020", YEAR),
    text("before", ["Ett år före gruppens år.", "A year before the years of the group."], "2017", YEAR),
    text(
        "beside",
        [
            "Vad värdena ställs bredvid: own-mean, sector, all, group:ID eller, med nyckel, peers.",
            "What the values are set beside: own-mean, sector, all, group:ID or, with a key, peers.",
        ],
        "own-mean",
        BESIDE,
    ),
    text(
        "code",
        ["Problemets kod, den sista delen av dess type.", "The problem's code, the last part of its type."],
        "unknown-id",
        Form::OneOf(codes),
    ),
    text("county", ["Länskoder, skilda av komma.", "County codes, separated by commas."], "14", IDS),
    text(
        "course",
        ["Kursers identiteter, skilda av komma.", "Ids of courses, separated by commas."],
        "example-systems",
        IDS,
    ),
    text(
        "earlier",
        ["Den tidigare utgåvans identitet, eller current.", "Id of the earlier release, or current."],
        "0e2c7e8c",
        RELEASE_OR_CURRENT,
    ),
    text(
        "file",
        [
            "Tabellens namn och format, till exempel figures.parquet.",
            "The table's name and format, such as figures.parquet.",
        ],
        "figures.parquet",
        FILE,
    ),
    text(
        "format",
        ["Svarets format; annars avgör Accept.", "Format of the answer; otherwise Accept decides."],
        "csv",
        Form::OneOf(formats),
    ),
    text(
        "group",
        [
            "Gruppers identiteter, skilda av komma; * väljer alla. Styrkor och före–efter tar en.",
            "Ids of groups, separated by commas; * selects all. Strengths and before–after take one.",
        ],
        "sector:municipality",
        IDS,
    ),
    text("id", ["Identiteten.", "The id."], "digital-maturity", ID),
    text(
        "indicator",
        ["Måtts identiteter, skilda av komma; * väljer alla.", "Ids of measures, separated by commas; * selects all."],
        "index",
        IDS,
    ),
    text(
        "instrument",
        [
            "Instruments identiteter, skilda av komma; * väljer alla.",
            "Ids of instruments, separated by commas; * selects all.",
        ],
        "digital-maturity",
        IDS,
    ),
    text("kind", ["Gruppers sort, skilda av komma.", "Kinds of groups, separated by commas."], "county", IDS),
    text(
        "lang",
        [
            "Språk i format som bara har ett, och i felmeddelanden: sv eller en; annars avgör Accept-Language.",
            "Language of formats that have only one, and of problems: sv or en; otherwise Accept-Language decides.",
        ],
        "en",
        Form::OneOf(|| vec!["sv", "en"]),
    ),
    text(
        "later",
        ["Den senare utgåvans identitet, eller current.", "Id of the later release, or current."],
        "current",
        RELEASE_OR_CURRENT,
    ),
    text("limit", ["Rader per sida.", "Rows per page."], "100", Form::Whole(super::ROWS_MAX as u64)),
    text(
        "measure",
        ["Måtts eller frågors identiteter, skilda av komma.", "Ids of measures or questions, separated by commas."],
        "index",
        IDS,
    ),
    text("name", ["Tabellens namn.", "The table's name."], "figures", TABLE),
    text("on", ["En dag då kursen ges.", "A day on which the course is offered."], "2021-03-01", Form::Day),
    text("organisation", ["En organisations identitet.", "An organisation's id."], "municipality-1881", ID),
    text(
        "over",
        ["Antal år som takten räknas över.", "Number of years that the pace is reckoned over."],
        "3",
        Form::Whole(50),
    ),
    text("page", ["Sidans nummer, från 1.", "Number of the page, from 1."], "1", Form::Whole(1_000_000)),
    text(
        "peers",
        [
            "Vilka man jämför sig med: block, similar:12, county, skr-group, group:ID eller members:ID,ID,…",
            "Whom to compare with: block, similar:12, county, skr-group, group:ID or members:ID,ID,…",
        ],
        "county",
        PEERS,
    ),
    text("population", ["Gruppen som rubriken avser.", "The group that the headline is about."], "all", ID),
    text(
        "q",
        [
            "Frågan i SQL. Skriv :namn där ett värde ska stå, och skicka namn=värde bredvid.",
            "The query in SQL. Write :name where a value belongs, and send name=value beside it.",
        ],
        "select count(*) as organisations from organisations",
        Form::Pattern("^[^\u{fffd}]+$"),
    ),
    text("question", ["Frågors identiteter, skilda av komma.", "Ids of questions, separated by commas."], "q01", IDS),
    text(
        "release",
        [
            "En utgåvas identitet eller de första åtta tecknen av den; utan den gäller den aktuella. Med hela identiteten ändras svaret aldrig.",
            "Id of a release or the first eight characters of it; without it the current one. With the whole id the answer never changes.",
        ],
        "0e2c7e8c",
        RELEASE,
    ),
    text(
        "role",
        ["Roller, skilda av komma. Styrkor tar en.", "Roles, separated by commas. Strengths take one."],
        "all",
        IDS,
    ),
    text(
        "scope",
        [
            "Vad egna resultat avser: organisation, unit eller role, skilda av komma.",
            "What own results are about: organisation, unit or role, separated by commas.",
        ],
        "unit",
        IDS,
    ),
    text("sector", ["Sektorer, skilda av komma.", "Sectors, separated by commas."], "region", IDS),
    text(
        "table",
        ["Tabellers identiteter, skilda av komma.", "Ids of tables, separated by commas."],
        "respondents-by-role",
        IDS,
    ),
    text(
        "value",
        [
            "Ett tänkt värde i procent, vars plats bland de jämförda visas.",
            "A supposed value, per cent, whose place among the peers is shown.",
        ],
        "47",
        Form::Number(100.0),
    ),
    text(
        "year",
        [
            "Urval av år: 2020, 2018-2020, last(5), from(2018), to(2020), * eller flera skilda av komma.",
            "Selection of years: 2020, 2018-2020, last(5), from(2018), to(2020), * or several separated by commas.",
        ],
        "last(5)",
        YEARS,
    ),
];

/// A parameter in words.
pub(crate) fn described(name: &str) -> Option<&'static ParameterText> {
    PARAMETERS.iter().find(|parameter| parameter.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_to_try_is_written_as_described() {
        for parameter in PARAMETERS {
            assert!(parameter.accepts(parameter.example), "{}: {}", parameter.name, parameter.example);
            assert!(!parameter.accepts("") && !parameter.accepts("\u{fffd}"), "{}", parameter.name);
        }
    }

    #[test]
    fn values_are_written_as_described_or_not() {
        let check = |name: &str, value: &str, expected: bool| {
            assert_eq!(described(name).unwrap().accepts(value), expected, "{name}={value}");
        };
        for (value, expected) in
            [("1", true), ("100000", true), ("100001", false), ("0", false), ("+1", false), ("01", false)]
        {
            check("limit", value, expected);
        }
        for (value, expected) in
            [("0", true), ("47.5", true), ("1e1", true), ("100.5", false), ("-1", false), (".5", false)]
        {
            check("value", value, expected);
        }
        for value in ["*", "2020", "2018-2020", "last(5)", "from(2018)", "to(2020)", "2016, 2018", "2016,last(2)"] {
            check("year", value, true);
        }
        for value in ["20", "last(0)", "last( 2 )", "2016,", "soon", "2016\n", "last(1000)"] {
            check("year", value, false);
        }
        for value in ["*", "all", "block:a1+a2-2", "block:a1 a2-2,county:14", "branch:agency.ap-fonder, all"] {
            check("group", value, true);
        }
        for value in [",", "all,", "all,,all", "*,all", " all", "all;"] {
            check("group", value, false);
        }
        for value in ["block", "similar", "similar:12", "county", "group:county:14", "members:a-1,b-2"] {
            check("peers", value, true);
        }
        for value in ["similar:", "group:", "members:", "blocks", "similar:12345"] {
            check("peers", value, false);
        }
        for (value, expected) in [("0e2c7e8c", true), ("0e2c7e8", false), ("current", false)] {
            check("release", value, expected);
        }
    }
}
