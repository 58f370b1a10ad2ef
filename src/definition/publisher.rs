//! Who publishes and what the data as a whole are called, for data portals and the API's description; one file, built in or a
//! publisher's own.

use std::{fs, path::Path};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{DefinitionError, Problem, Source, SourceFile};
use crate::model::Text;

/// The built-in file.
const FILE: &str = "schemas/publisher.toml";

/// What kind of publisher it is, in the words of DCAT-AP (<http://purl.org/adms/publishertype/1.0>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PublisherKind {
    /// A municipality.
    LocalAuthority,
    /// A region.
    RegionalAuthority,
    /// A national agency.
    NationalAuthority,
    /// An association or the like.
    NonProfitOrganisation,
    /// A university or institute.
    AcademiaScientificOrganisation,
    /// A company.
    Company,
}

/// Whom to write to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name of the function, not of a person.
    pub name: Text,
    /// Electronic mail address.
    pub email: String,
}

/// The data as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataText {
    /// Title, of at most about ten words.
    pub title: Text,
    /// What they are.
    pub text: Text,
    /// Words to find them by.
    pub keywords: Keywords,
}

/// Words in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keywords {
    /// Swedish.
    pub sv: Vec<String>,
    /// English.
    pub en: Vec<String>,
}

/// A publication that is planned.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// The day, `2027-03-15`.
    pub day: String,
    /// What will be published.
    pub text: Text,
}

/// Who publishes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "publisher")]
pub struct Publisher {
    /// Name.
    pub name: Text,
    /// Kind.
    pub kind: PublisherKind,
    /// Organisation number, ten digits, by which Sweden's data portal knows a publisher.
    pub number: Option<String>,
    /// Web address.
    pub homepage: String,
    /// Whom to write to.
    pub contact: Contact,
    /// The data as a whole.
    pub data: DataText,
    /// What will be published when, in any order.
    #[serde(default)]
    pub calendar: Vec<Planned>,
}

impl Publisher {
    /// The publisher of the built-in definitions, an example.
    pub fn built_in() -> Result<Self, DefinitionError> {
        let files = Source::BuiltIn.files()?;
        let file = files.iter().find(|file| file.path == FILE);
        let file = file.ok_or_else(|| DefinitionError::Wrong(vec![Problem::in_file(FILE, "is missing")]))?;
        Self::of(file)
    }

    /// A publisher's own file.
    pub fn read(path: &Path) -> Result<Self, DefinitionError> {
        let name = path.display().to_string();
        let text =
            fs::read_to_string(path).map_err(|cause| DefinitionError::Unreadable { folder: name.clone(), cause })?;
        Self::of(&SourceFile { path: name, text })
    }

    fn of(file: &SourceFile) -> Result<Self, DefinitionError> {
        let publisher: Self = file.parse().map_err(DefinitionError::Wrong)?;
        let mut problems = Vec::new();
        let mut check = |holds: bool, message: &str| {
            if !holds {
                problems.push(Problem::in_file(&file.path, message.to_owned()));
            }
        };
        let is_address = |text: &str| text.starts_with("https://") || text.starts_with("http://");
        let is_digits = |text: &String| text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit());
        check(
            is_address(&publisher.homepage) && url::Url::parse(&publisher.homepage).is_ok(),
            "`homepage` is no web address; write it in full, with https://",
        );
        check(
            publisher.number.as_ref().is_none_or(is_digits),
            "`number` is no organisation number; write its ten digits without a hyphen",
        );
        let (name, host) = publisher.contact.email.split_once('@').unwrap_or_default();
        let is_plain =
            |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || ".-_+".contains(c));
        check(is_plain(name) && is_plain(host), "`contact.email` is no address; write it as name@host");
        check(
            !publisher.data.keywords.sv.is_empty() && !publisher.data.keywords.en.is_empty(),
            "`data.keywords` lacks a language; give words in both",
        );
        let is_day = |planned: &Planned| {
            planned.day.parse::<jiff::civil::Date>().is_ok_and(|day| day.to_string() == planned.day)
        };
        check(publisher.calendar.iter().all(is_day), "a `day` of the `calendar` is no day; write it like 2027-03-15");
        if problems.is_empty() { Ok(publisher) } else { Err(DefinitionError::Wrong(problems)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_right_or_says_what_is_wrong() {
        let publisher = Publisher::built_in().unwrap();
        assert!(publisher.homepage.ends_with(".example/"), "the built-in publisher does not exist");
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE)).unwrap();
        for (from, to, expected) in [
            ("https://mognad.example/", "mognad.example", "`homepage`"),
            ("statistik@mognad.example", "statistik", "`contact.email`"),
            ("kind = ", "number = \"556000-1111\"\nkind = ", "`number`"),
            ("non-profit-organisation", "club", "unknown variant"),
            ("day = \"2027-03-15\"", "day = \"15 mars 2027\"", "`calendar`"),
        ] {
            let file = SourceFile { path: "own.toml".to_owned(), text: text.replace(from, to) };
            let message = Publisher::of(&file).unwrap_err().to_string();
            assert!(message.contains(expected) && message.contains("own.toml"), "{message}");
        }
    }
}
