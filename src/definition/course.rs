//! A course that is offered for some measures of an instrument; which measures are weak, and so which courses are shown, is
//! `figure`'s.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Problem, SourceFile};
use crate::model::{IndicatorId, Instrument, InstrumentId, Text};

/// A course file: one course, or one offer of several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "course")]
pub struct Course {
    /// Identifier, equal to the file's name.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Who gives it.
    pub provider: String,
    /// Where it is described; `https` only.
    #[schemars(with = "String")]
    pub url: Spanned<String>,
    /// Whether the course is made up.
    #[serde(default)]
    pub synthetic: bool,
    /// Instrument.
    #[schemars(with = "String")]
    pub instrument: Spanned<InstrumentId>,
    /// Measures that it is for: nodes of the instrument's tree. A course for a factor is also one for the category above it.
    #[schemars(with = "Vec<String>")]
    pub indicators: Spanned<Vec<IndicatorId>>,
    /// Roles that it is for, as the instrument names them; all unless given.
    #[serde(default = "everybody")]
    #[schemars(with = "Vec<String>")]
    pub roles: Spanned<Vec<String>>,
    /// First day on which it is offered, such as `"2020-09-01"`; from the beginning unless given.
    #[schemars(with = "Option<String>")]
    pub valid_from: Option<Date>,
    /// Last day on which it is offered; until further notice unless given.
    #[schemars(with = "Option<String>")]
    pub valid_to: Option<Spanned<Date>>,
}

fn everybody() -> Spanned<Vec<String>> {
    Spanned::new(0..0, Vec::new())
}

pub(super) fn read(file: &SourceFile) -> Result<Course, Vec<Problem>> {
    let course: Course = file.parse()?;
    let mut problems = Vec::new();
    if !file.path.ends_with(&format!("/{}.toml", course.id)) {
        problems.push(Problem::in_file(&file.path, format!("has the id `{}`; name the file like it", course.id)));
    }
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if course.id.is_empty() || !course.id.chars().all(is_plain) {
        problems.push(Problem::in_file(&file.path, format!("`{}` is no id: use a-z, 0-9 and hyphen", course.id)));
    }
    let address = url::Url::parse(course.url.get_ref());
    // what is shown to readers as a link must not run anything or send a password
    let is_plain_address =
        |url: &url::Url| url.scheme() == "https" && url.host().is_some() && url.username().is_empty();
    if !address.as_ref().is_ok_and(|url| is_plain_address(url) && url.password().is_none()) {
        let message = "is no address of a page: write it whole, from `https://` on, without a name or password";
        problems.push(file.at(&course.url, message));
    }
    if let (Some(from), Some(to)) = (course.valid_from, &course.valid_to)
        && *to.get_ref() < from
    {
        problems.push(file.at(to, format!("valid_to lies before valid_from, {from}")));
    }
    if problems.is_empty() { Ok(course) } else { Err(problems) }
}

impl Course {
    /// Checks what the file says against the instrument.
    pub(super) fn check(
        &self,
        file: &SourceFile,
        instruments: &BTreeMap<InstrumentId, Instrument>,
    ) -> Result<(), Vec<Problem>> {
        let Some(instrument) = instruments.get(self.instrument.get_ref()) else {
            return Err(vec![file.at(&self.instrument, format!("`{}` is no instrument", self.instrument.get_ref()))]);
        };
        let mut problems = Vec::new();
        let mut seen = BTreeSet::new();
        for id in self.indicators.get_ref() {
            if !instrument.nodes.iter().any(|node| node.id == *id) {
                problems.push(file.at(&self.indicators, format!("`{id}` is no node of `{}`", instrument.id)));
            } else if !seen.insert(id.as_str()) {
                problems.push(file.at(&self.indicators, format!("`{id}` stands here twice")));
            }
        }
        if self.indicators.get_ref().is_empty() {
            problems.push(file.at(&self.indicators, "names no measure; a course is for at least one"));
        }
        // a role may have the name of a measure
        let mut named = BTreeSet::new();
        for key in self.roles.get_ref() {
            if !instrument.roles.iter().any(|role| role.key == *key) {
                problems.push(file.at(&self.roles, format!("`{key}` is no role of `{}`", instrument.id)));
            } else if !named.insert(key) {
                problems.push(file.at(&self.roles, format!("`{key}` stands here twice")));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Definitions, Source};

    const GOOD: &str = r#"id = "example"
name = { sv = "Exempel", en = "Example" }
provider = "Exempelskolan"
url = "https://example.org/kurs"
instrument = "digital-maturity"
indicators = ["sense", "gov-finance"]
roles = ["leader"]
valid_from = "2020-01-01"
valid_to = "2022-12-31"
"#;

    /// What is wrong with the example where a line of it is another, or is added.
    fn told(line: usize, text: &str) -> Vec<String> {
        let mut lines: Vec<&str> = GOOD.lines().collect();
        if line == 0 {
            lines.push(text);
        } else {
            lines[line - 1] = text;
        }
        let file = SourceFile { path: "schemas/course/example.toml".to_owned(), text: lines.join("\n") };
        let instruments = Definitions::load(&Source::BuiltIn).unwrap().instruments;
        let found = read(&file).and_then(|course| course.check(&file, &instruments));
        found.err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        assert_eq!(told(1, r#"id = "example""#), Vec::<String>::new());
        for (line, text, place, words) in [
            (1, r#"id = "other""#, "", "name the file"),
            (4, r#"url = "http://example.org""#, ":4", "https://"),
            (4, r#"url = "javascript:alert(1)""#, ":4", "https://"),
            (4, r#"url = "https://a:b@example.org""#, ":4", "https://"),
            (5, r#"instrument = "none""#, ":5", "is no instrument"),
            (6, r#"indicators = ["sense", "none"]"#, ":6", "`none` is no node"),
            (6, r#"indicators = ["sense", "sense"]"#, ":6", "twice"),
            (6, "indicators = []", ":6", "at least one"),
            (7, r#"roles = ["ceo"]"#, ":7", "`ceo` is no role"),
            (9, r#"valid_to = "2019-12-31""#, ":9", "before valid_from"),
            (9, r#"valid_to = "soon""#, ":9", ""),
            (0, r#"price = "1""#, ":10", "unknown field `price`"),
        ] {
            let told = told(line, text);
            let start = format!("schemas/course/example.toml{place}:");
            assert!(told.len() == 1 && told[0].starts_with(&start) && told[0].contains(words), "{text}: {told:?}");
        }
    }
}
