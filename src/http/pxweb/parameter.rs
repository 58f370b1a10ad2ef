//! Parameters of the `PxWeb` face: each in words once, and queries read as `PxWeb`'s clients write them, names in any case; what
//! selections mean is decided elsewhere.

use super::problem::{PxProblem, word};
use crate::{http::Problem, model::Language};

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In the query, once for each variable: `name[variable]=…` (`OpenAPI`'s `deepObject`).
    QueryByVariable,
}

/// What values a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Text.
    Text,
    /// Texts separated by commas outside brackets.
    Texts,
    /// A whole number from the one to the other.
    Whole(u64, u64),
    /// `true` or `false`, in any case.
    Flag,
    /// One of these, in any case.
    One(&'static [&'static str]),
    /// Some of these, separated by commas or by repeating the parameter.
    Some(&'static [&'static str]),
}

/// A parameter in words.
#[derive(Debug)]
pub struct PxParameter {
    /// Name as the specification writes it.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// What values it takes.
    pub takes: Takes,
    /// What it does: Swedish, English.
    pub text: [&'static str; 2],
    /// A value to try.
    pub example: &'static str,
}

const fn query(name: &'static str, takes: Takes, text: [&'static str; 2], example: &'static str) -> PxParameter {
    PxParameter { name, place: Place::Query, takes, text, example }
}

/// The language.
pub(super) static LANG: PxParameter = query(
    "lang",
    Takes::One(&["sv", "en"]),
    ["Svarets språk; annars svenska.", "Language of the answer; otherwise Swedish."],
    "en",
);

/// A table or a code list.
pub(super) static ID: PxParameter = PxParameter {
    name: "id",
    place: Place::Path,
    takes: Takes::Text,
    text: ["Identiteten.", "The id."],
    example: "figures-digital-maturity",
};

/// Words to search for.
pub(super) static QUERY: PxParameter = query(
    "query",
    Takes::Text,
    [
        "Ord som alla ska finnas i tabellens titel, beskrivning, variabler eller värden.",
        "Words that all have to be in the table's title, description, variables or values.",
    ],
    "kommuner",
);

/// Tables that have changed lately.
pub(super) static PAST_DAYS: PxParameter = query(
    "pastDays",
    Takes::Whole(1, 36_500),
    ["Bara tabeller som uppdaterats de senaste så många dagarna.", "Only tables updated within so many days."],
    "30",
);

/// Whether old tables are listed too.
pub(super) static INCLUDE_DISCONTINUED: PxParameter = query(
    "includeDiscontinued",
    Takes::Flag,
    [
        "Om tabeller som inte längre uppdateras ska vara med; det finns inga sådana.",
        "Whether tables that are no longer updated are included; there are none.",
    ],
    "false",
);

/// Which page.
pub(super) static PAGE_NUMBER: PxParameter =
    query("pageNumber", Takes::Whole(1, 1_000_000), ["Sidans nummer, från 1.", "Number of the page, from 1."], "1");

/// How large a page is.
pub(super) static PAGE_SIZE: PxParameter = query(
    "pageSize",
    Takes::Whole(1, 10_000),
    ["Tabeller per sida; annars 20.", "Tables per page; otherwise 20."],
    "20",
);

/// Metadata as for the default selection.
pub(super) static DEFAULT_SELECTION: PxParameter = query(
    "defaultSelection",
    Takes::Flag,
    [
        "Metadata som om förvalet gällde. Förvalet använder inga kodlistor, så metadata är desamma.",
        "Metadata as if the default selection applied. It uses no code lists, so that metadata are the same.",
    ],
    "false",
);

/// A saved query.
pub(super) static SAVED_QUERY: PxParameter =
    query("savedQuery", Takes::Text, ["En sparad fråga; det finns inga.", "A saved query; there are none."], "1");

/// Values to choose.
pub(super) static VALUE_CODES: PxParameter = PxParameter {
    name: "valuecodes",
    place: Place::QueryByVariable,
    takes: Takes::Texts,
    text: [
        "Värden eller uttryck för en variabel: koder, *, x*, *x, *x*, ?, TOP(n,offset), BOTTOM(n,offset), FROM(x), TO(x), RANGE(a,b).",
        "Values or expressions of a variable: codes, *, x*, *x, *x*, ?, TOP(n,offset), BOTTOM(n,offset), FROM(x), TO(x), RANGE(a,b).",
    ],
    example: "TOP(3)",
};

/// Sets of values to choose from.
pub(super) static CODELIST: PxParameter = PxParameter {
    name: "codelist",
    place: Place::QueryByVariable,
    takes: Takes::Text,
    text: ["Kodlistan som en variabels värden väljs ur.", "The code list that a variable's values are chosen from."],
    example: "vs_figures-digital-maturity_sector",
};

/// The format of metadata.
pub(super) static METADATA_FORMAT: PxParameter =
    query("outputFormat", Takes::One(&["json-stat2"]), ["Svarets format.", "Format of the answer."], "json-stat2");

/// The format of data.
pub(super) static OUTPUT_FORMAT: PxParameter = query(
    "outputFormat",
    Takes::One(&["json-stat2", "csv", "px", "xlsx", "html", "parquet"]),
    ["Svarets format; annars json-stat2.", "Format of the answer; otherwise json-stat2."],
    "csv",
);

/// How some formats are written.
pub(super) static OUTPUT_FORMAT_PARAMS: PxParameter = query(
    "outputFormatParams",
    Takes::Some(&[
        "UseCodes",
        "UseTexts",
        "UseCodesAndTexts",
        "IncludeTitle",
        "SeparatorTab",
        "SeparatorSpace",
        "SeparatorSemicolon",
    ]),
    [
        "Koder, texter eller båda, och titel (csv, html, xlsx); skiljetecken (csv). Annars texter, utan titel och med komma.",
        "Codes, texts or both, and title (csv, html, xlsx); separator (csv). Otherwise texts, no title, and commas.",
    ],
    "UseCodes",
);

/// What stands across the top.
pub(super) static HEADING: PxParameter = query(
    "heading",
    Takes::Texts,
    ["Variabler i tabellhuvudet, skilda av komma.", "Variables in the heading, separated by commas."],
    "Tid",
);

/// What stands down the side.
pub(super) static STUB: PxParameter = query(
    "stub",
    Takes::Texts,
    ["Variabler i förspalten, skilda av komma.", "Variables in the stub, separated by commas."],
    "group_id",
);

/// The parameters of a request.
#[derive(Debug)]
pub(super) struct Asked {
    /// The language of the answer.
    pub(super) language: Language,
    /// Parameter, variable in brackets, value.
    pairs: Vec<(&'static PxParameter, Option<String>, String)>,
}

impl Asked {
    /// Reads a query string with the parameters that a resource has.
    pub(super) fn read(query: Option<&str>, own: &'static [&'static PxParameter]) -> Result<Self, Problem> {
        let mut pairs: Vec<(&'static PxParameter, Option<String>, String)> = Vec::new();
        for (key, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if key.contains('\u{fffd}') || value.contains('\u{fffd}') {
                return Err(PxProblem::IllegalParameter.because(
                    "Frågan är inte kodad som UTF-8: skriv å som %C3%A5.",
                    "The query is not encoded as UTF-8: write å as %C3%A5.",
                ));
            }
            let (name, variable) =
                match key.split_once('[').and_then(|(name, rest)| Some((name, rest.strip_suffix(']')?))) {
                    Some((name, variable)) => (name, Some(variable)),
                    None => (&*key, None),
                };
            let fits = |parameter: &&&'static PxParameter| {
                parameter.name.eq_ignore_ascii_case(name)
                    && parameter.place != Place::Path
                    && (parameter.place == Place::QueryByVariable) == variable.is_some_and(|own| !own.trim().is_empty())
            };
            let Some(parameter) = own.iter().find(fits).copied() else { return Err(unknown(&key, own)) };
            let is_list = matches!(parameter.takes, Takes::Texts | Takes::Some(_));
            let is_same = |(other, own, _): &(&PxParameter, Option<String>, String)| {
                std::ptr::eq(*other, parameter)
                    && own.as_deref().map(str::to_lowercase) == variable.map(str::to_lowercase)
            };
            if !is_list && pairs.iter().any(is_same) {
                let key = word(&key);
                return Err(PxProblem::IllegalParameter.because(
                    format!("Parametern {key} anges mer än en gång."),
                    format!("The parameter {key} is given more than once."),
                ));
            }
            check(parameter, &value)?;
            // nothing after the equals sign is nothing said, except of a variable's values: then it is none of them
            if !value.trim().is_empty() || std::ptr::eq(parameter, &raw const VALUE_CODES) {
                pairs.push((parameter, variable.map(|own| own.trim().to_owned()), value.into_owned()));
            }
        }
        let mut asked = Self { language: Language::Sv, pairs };
        if asked.one(&LANG).is_some_and(|lang| lang.eq_ignore_ascii_case("en")) {
            asked.language = Language::En;
        }
        Ok(asked)
    }

    fn values(&self, parameter: &'static PxParameter) -> impl Iterator<Item = (Option<&str>, &str)> {
        let own = self.pairs.iter().filter(move |(own, ..)| own.name == parameter.name);
        own.map(|(_, variable, value)| (variable.as_deref(), value.as_str()))
    }

    /// The value of a parameter.
    pub(super) fn one(&self, parameter: &'static PxParameter) -> Option<&str> {
        self.values(parameter).next().map(|(_, value)| value.trim())
    }

    /// A whole number.
    pub(super) fn whole(&self, parameter: &'static PxParameter) -> Option<u64> {
        self.one(parameter)?.parse().ok()
    }

    /// A list, also over several parameters of one name.
    pub(super) fn list(&self, parameter: &'static PxParameter) -> Vec<String> {
        self.values(parameter).flat_map(|(_, value)| split(value)).collect()
    }

    /// Values by variable, each variable once.
    pub(super) fn by_variable(&self, parameter: &'static PxParameter) -> Vec<(&str, Vec<String>)> {
        let mut found: Vec<(&str, Vec<String>)> = Vec::new();
        for (variable, value) in self.values(parameter) {
            let variable = variable.unwrap_or_default();
            let list = if parameter.takes == Takes::Texts { split(value) } else { vec![value.trim().to_owned()] };
            match found.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(variable)) {
                Some((_, before)) => before.extend(list),
                None => found.push((variable, list)),
            }
        }
        found
    }
}

/// Parts of a list, separated by commas outside brackets; square brackets around a part hold it together and go away.
fn split(list: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for c in list.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let bare = |part: &str| {
        let part = part.trim();
        part.strip_prefix('[').and_then(|part| part.strip_suffix(']')).unwrap_or(part).trim().to_owned()
    };
    parts.iter().map(|part| bare(part)).filter(|part| !part.is_empty()).collect()
}

fn check(parameter: &'static PxParameter, value: &str) -> Result<(), Problem> {
    let (name, value) = (parameter.name, value.trim());
    // of a closed list nothing is no word
    if value.is_empty() && !matches!(parameter.takes, Takes::One(_) | Takes::Some(_)) {
        return Ok(());
    }
    let known = |all: &[&str], value: &str| all.iter().any(|own| own.eq_ignore_ascii_case(value));
    let list = |all: &[&str]| all.join(", ");
    match parameter.takes {
        Takes::Text | Takes::Texts => Ok(()),
        Takes::Whole(least, most) => match value.parse::<u64>() {
            Ok(number) if (least..=most).contains(&number) => Ok(()),
            _ => Err(PxProblem::IllegalParameter.because(
                format!("{name} ska vara ett heltal från {least} till {most}."),
                format!("{name} has to be a whole number from {least} to {most}."),
            )),
        },
        Takes::Flag if known(&["true", "false"], value) => Ok(()),
        Takes::Flag => Err(PxProblem::IllegalParameter
            .because(format!("{name} ska vara true eller false."), format!("{name} has to be true or false."))),
        Takes::One(all) if known(all, value) => Ok(()),
        Takes::One(_) if std::ptr::eq(parameter, &raw const LANG) => Err(PxProblem::UnsupportedLanguage.into()),
        Takes::One(all) => {
            let (value, all) = (word(value), list(all));
            Err(PxProblem::UnsupportedFormat.because(
                format!("{value} finns inte här som {name}: välj bland {all}."),
                format!("There is no {name} {value} here: choose one of {all}."),
            ))
        }
        Takes::Some(all) => match value.split(',').map(str::trim).find(|own| !known(all, own)) {
            None => Ok(()),
            Some(own) => {
                let (own, all) = (word(own), list(all));
                Err(PxProblem::UnsupportedFormat.because(
                    format!("{own} finns inte som {name}: välj bland {all}."),
                    format!("There is no {own} among {name}: choose among {all}."),
                ))
            }
        },
    }
}

fn unknown(key: &str, own: &[&'static PxParameter]) -> Problem {
    let key = word(key);
    let known = own.iter().filter(|parameter| parameter.place != Place::Path).map(|parameter| match parameter.place {
        Place::QueryByVariable => format!("{}[variabel]", parameter.name),
        _ => parameter.name.to_owned(),
    });
    let known: Vec<String> = known.collect();
    let nearest = known.iter().min_by_key(|own| strsim::damerau_levenshtein(&own.to_lowercase(), &key.to_lowercase()));
    let (nearest, all) = (nearest.cloned().unwrap_or_default(), known.join(", "));
    PxProblem::UnknownParameter.because(
        format!("Parametern {key} finns inte; menade du {nearest}? Resursen har {all}."),
        format!(
            "There is no parameter {key}; did you mean {}? The resource has {}.",
            nearest.replace("variabel", "variable"),
            all.replace("variabel", "variable")
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    static OWN: &[&PxParameter] = &[&ID, &LANG, &VALUE_CODES, &CODELIST, &OUTPUT_FORMAT_PARAMS, &PAGE_SIZE, &HEADING];

    #[test]
    fn lists_are_cut_at_commas_outside_brackets() {
        let check = |list: &str, expected: &[&str]| assert_eq!(split(list), expected, "{list}");
        check("2019,2020", &["2019", "2020"]);
        check("2019,RANGE(2021,2023)", &["2019", "RANGE(2021,2023)"]);
        check("[range(2021,2023)],2019", &["range(2021,2023)", "2019"]);
        check("top(1,2) , a", &["top(1,2)", "a"]);
        check(",,a,", &["a"]);
        check("a),b", &["a)", "b"]);
        check("", &[]);
    }

    #[test]
    fn names_are_read_in_any_case_and_lists_in_both_ways() {
        let query = "valueCodes[Tid]=2019&valuecodes%5Btid%5D=2020&CODELIST[group_id]=vs_x&outputformatparams=UseCodes\
                     &outputFormatParams=IncludeTitle,SeparatorTab&lang=en&heading=Tid,%20ContentsCode&pageSize=";
        let asked = Asked::read(Some(query), OWN).unwrap();
        assert_eq!(asked.by_variable(&VALUE_CODES), [("Tid", vec!["2019".to_owned(), "2020".to_owned()])]);
        assert_eq!(asked.by_variable(&CODELIST), [("group_id", vec!["vs_x".to_owned()])]);
        assert_eq!(asked.list(&OUTPUT_FORMAT_PARAMS), ["UseCodes", "IncludeTitle", "SeparatorTab"]);
        assert_eq!(asked.list(&HEADING), ["Tid", "ContentsCode"]);
        assert_eq!((asked.language, asked.whole(&PAGE_SIZE)), (Language::En, None));
        let none = Asked::read(Some("valuecodes[group_id]="), OWN).unwrap();
        assert_eq!(none.by_variable(&VALUE_CODES), [("group_id", vec![])]);
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for query in [
            "lang=no",
            "lang=",
            "lang=sv&lang=en",
            "id=x",
            "valuecodes=1",
            "valuecodes[]=1",
            "valuecodes[Tid=1",
            "lang[Tid]=sv",
            "pageSize=0",
            "pageSize=-1",
            "pageSize=many",
            "outputFormatParams=UseCode",
            "outputFormatParams=",
            "outputFormatParams=UseCodes,,IncludeTitle",
            "codelist[a]=1&codelist[A]=2",
            "format=json",
        ] {
            assert!(Asked::read(Some(query), OWN).is_err(), "{query}");
        }
    }
}
