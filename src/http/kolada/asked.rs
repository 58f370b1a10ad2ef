//! What a request of this face asks for, read once by what each parameter takes; what is chosen by it is decided by the routes.

use unicode_normalization::UnicodeNormalization as _;

use super::{
    Route,
    parameter::{IDS_MAX, KoladaParameter, PAGE_MAX, Takes, described},
};
use crate::{
    http::{Problem, ProblemKind, parameter},
    model::{Language, Text},
};

/// A request's parameters, from path and query.
#[derive(Debug, Default)]
pub(super) struct Asked {
    found: Vec<(&'static KoladaParameter, Vec<String>)>,
    /// The language of names.
    pub(super) language: Language,
    /// The number of the page.
    pub(super) page: usize,
    /// Values of a page.
    pub(super) per_page: usize,
}

impl Asked {
    /// Reads the parts of the path that stand for parameters, and a query of the route's own parameters.
    pub(super) fn read(route: &Route, path: &[(String, String)], query: Option<&str>) -> Result<Self, Problem> {
        let mut asked = Self { page: 1, per_page: PAGE_MAX, ..Self::default() };
        for (name, value) in path {
            let parameter = described(name).ok_or_else(|| Problem::new(ProblemKind::Internal))?;
            asked.add(parameter, value)?;
        }
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let known = route.parameters.iter().find(|own| ***own == *name).and_then(|own| described(own));
            let parameter = known.ok_or_else(|| parameter::unknown(&name, route.parameters, &[]))?;
            if value.contains('\u{fffd}') {
                return Err(Problem::with(
                    ProblemKind::InvalidParameter,
                    "Frågan är inte kodad som UTF-8: skriv å som %C3%A5.",
                    "The query is not encoded as UTF-8: write å as %C3%A5.",
                ));
            }
            asked.add(parameter, &value)?;
        }
        let whole = |name: &str| asked.one(name).and_then(|value| value.parse().ok());
        (asked.page, asked.per_page) = (whole("page").unwrap_or(1), whole("per_page").unwrap_or(PAGE_MAX));
        if asked.one("lang") == Some("en") {
            asked.language = Language::En;
        }
        Ok(asked)
    }

    fn add(&mut self, parameter: &'static KoladaParameter, value: &str) -> Result<(), Problem> {
        let values = read(parameter, value.trim())?;
        let name = parameter.name;
        let Some((_, known)) = self.found.iter_mut().find(|(own, _)| own.name == name) else {
            self.found.push((parameter, values));
            return Ok(());
        };
        if !matches!(parameter.takes, Takes::Ids | Takes::Years) {
            return Err(invalid(format!("{name} anges mer än en gång."), format!("{name} is given more than once.")));
        }
        for value in values {
            if !known.contains(&value) {
                known.push(value);
            }
        }
        at_most(name, known)
    }

    /// The values of a list, each once, in the order given; none if there is no such list.
    pub(super) fn list(&self, name: &str) -> Option<&[String]> {
        self.found.iter().find(|(own, _)| own.name == name).map(|(_, values)| values.as_slice())
    }

    /// A single value.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.list(name)?.first().map(String::as_str)
    }
}

/// The values that a parameter has been given, in one way of writing them.
fn read(parameter: &KoladaParameter, value: &str) -> Result<Vec<String>, Problem> {
    let name = parameter.name;
    match parameter.takes {
        Takes::Text => Ok(vec![value.to_owned()]),
        Takes::Ids | Takes::Years => {
            let mut values: Vec<String> = Vec::new();
            for value in value.split(',').map(|value| value.trim().to_ascii_uppercase()) {
                if value.is_empty() {
                    return Err(invalid(
                        format!("Listan {name} har ett tomt led: skriv värden skilda av komma."),
                        format!("The list {name} has an empty part: write values separated by commas."),
                    ));
                }
                let is_year = value.len() == 4 && value.bytes().all(|byte| byte.is_ascii_digit());
                if parameter.takes == Takes::Years && !is_year {
                    return Err(invalid(
                        format!("{name} ska vara år med fyra siffror, skilda av komma."),
                        format!("{name} has to be years of four digits, separated by commas."),
                    ));
                }
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            at_most(name, &values)?;
            Ok(values)
        }
        Takes::Whole(least, most) => match value.parse::<usize>() {
            Ok(number) if (least..=most).contains(&number) => Ok(vec![number.to_string()]),
            _ => Err(invalid(
                format!("{name} ska vara ett heltal från {least} till {most}."),
                format!("{name} has to be a whole number from {least} to {most}."),
            )),
        },
        Takes::Date => match value.parse::<jiff::civil::Date>() {
            Ok(date) if date.to_string() == value => Ok(vec![value.to_owned()]),
            _ => Err(invalid(
                format!("{name} ska vara ett datum som 2020-05-14."),
                format!("{name} has to be a date such as 2020-05-14."),
            )),
        },
        Takes::One(all) => {
            if let Some(own) = all.iter().find(|own| own.eq_ignore_ascii_case(value)) {
                Ok(vec![(*own).to_owned()])
            } else {
                let all = all.join(", ");
                Err(invalid(format!("{name} ska vara ett av {all}."), format!("{name} has to be one of {all}.")))
            }
        }
    }
}

fn at_most(name: &str, values: &[String]) -> Result<(), Problem> {
    if values.len() <= IDS_MAX {
        return Ok(());
    }
    Err(invalid(
        format!("{name} har {} värden och får ha {IDS_MAX}: dela upp frågan.", values.len()),
        format!("{name} has {} values and may have {IDS_MAX}: split the request.", values.len()),
    ))
}

/// A value that cannot be read.
pub(super) fn invalid(sv: impl Into<String>, en: impl Into<String>) -> Problem {
    Problem::with(ProblemKind::InvalidParameter, sv, en)
}

/// No value fits what is asked for.
pub(super) fn nothing() -> Problem {
    Problem::with(
        ProblemKind::UnknownId,
        "Urvalet ger inga värden i den aktuella utgåvan: kontrollera nyckeltal, kommun eller grupp, år och region_type.",
        "The selection has no values in the current release: check KPIs, municipalities or groups, years and region_type.",
    )
}

/// Positions of the ids of a list, all of which have to be known; none if there is no such list.
pub(super) fn positions(
    asked: &Asked,
    name: &str,
    find: impl Fn(&str) -> Option<usize>,
) -> Result<Option<Vec<usize>>, Problem> {
    let Some(ids) = asked.list(name) else { return Ok(None) };
    let unknown: Vec<&str> = ids.iter().map(String::as_str).filter(|id| find(id).is_none()).collect();
    if unknown.is_empty() {
        return Ok(Some(ids.iter().filter_map(|id| find(id)).collect()));
    }
    let unknown: String = unknown.join(", ").chars().filter(|c| !c.is_control()).take(320).collect();
    Err(Problem::with(
        ProblemKind::UnknownId,
        format!("{name}: {unknown} finns inte i den aktuella utgåvan; identiteter finns i listorna under /kolada/v3."),
        format!("{name}: {unknown} is not in the current release; ids are in the lists below /kolada/v3."),
    ))
}

/// Whether a name has the text that is looked for, whatever the case and however letters are composed.
pub(super) fn has_title(asked: &Asked, title: &Text) -> bool {
    let folded = |text: &str| text.nfc().flat_map(char::to_lowercase).collect::<String>();
    asked.one("title").is_none_or(|text| folded(asked.language.of(title)).contains(&folded(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::kolada::data;

    fn asked(path: &[(&str, &str)], query: &str) -> Result<Asked, Problem> {
        let path: Vec<_> = path.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Asked::read(&data::ROUTE, &path, Some(query))
    }

    #[test]
    fn lists_are_written_with_commas_repeated_or_both() {
        for query in ["kpi_id=MA,MB&kpi_id=ma&kpi_id=MC", "kpi_id=ma%2CMB,%20MC", "kpi_id=MA&kpi_id=MB&kpi_id=MC"] {
            assert_eq!(asked(&[], query).unwrap().list("kpi_id").unwrap(), ["MA", "MB", "MC"], "{query}");
        }
        let asked = asked(&[("year", "2019,2020")], "region_type=GROUP&per_page=7&lang=EN").unwrap();
        assert_eq!(asked.list("year").unwrap(), ["2019", "2020"]);
        assert_eq!((asked.one("region_type"), asked.page, asked.per_page), (Some("group"), 1, 7));
        assert_eq!((asked.language, asked.list("kpi_id")), (Language::En, None));
    }

    #[test]
    fn titles_are_found_in_any_case_and_composition() {
        let title = Text::new("Digital mognad: Förstå (%)", "Digital maturity: Sense (%)");
        for (text, language, expected) in [
            ("FÖRSTÅ", Language::Sv, true),
            ("fo\u{308}rsta\u{30a}", Language::Sv, true),
            ("sense", Language::Sv, false),
            ("Sense", Language::En, true),
            ("", Language::Sv, true),
        ] {
            let found = vec![(described("title").unwrap(), vec![text.to_owned()])];
            assert_eq!(has_title(&Asked { found, language, ..Asked::default() }, &title), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let many = |count: usize| (0..count).map(|at| format!("kpi_id=M{at}")).collect::<Vec<_>>().join("&");
        assert!(asked(&[], &many(IDS_MAX)).is_ok());
        for query in [
            many(IDS_MAX + 1).as_str(),
            &many(IDS_MAX + 1).replace("&kpi_id=", ","),
            "kpi_id=",
            "kpi_id=MA,",
            "year=20",
            "year=last(5)",
            "year=２０２０",
            "from_date=2020",
            "from_date=20200514",
            "from_date=2020-02-30",
            "page=0",
            "page=1&page=1",
            "per_page=5001",
            "per_page=-1",
            "per_page=",
            "region_type=landsting",
            "lang=no",
            "kpi=MA",
            "title=x",
            "from_date=%ff",
        ] {
            assert!(asked(&[], query).is_err(), "{query}");
        }
    }
}
