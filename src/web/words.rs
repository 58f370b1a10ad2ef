//! Words of pages: messages in the page's language, and numbers as it writes them; which of them stand where is decided by pages.

use std::{
    borrow::{Borrow, Cow},
    collections::HashMap,
    sync::LazyLock,
};

use fluent_templates::{
    Loader as _,
    fluent_bundle::FluentValue,
    {LanguageIdentifier, langid},
};
use icu_decimal::{DecimalFormatter, input::Decimal, options::DecimalFormatterOptions};
use icu_locale_core::locale;

use crate::model::{Language, Text};

fluent_templates::static_loader! {
    static MESSAGES = {
        locales: "./src/web/text",
        fallback_language: "sv",
        // marks of direction would end up in titles and addresses
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static TAGS: [LanguageIdentifier; 2] = [langid!("sv"), langid!("en")];

static NUMBERS: LazyLock<[Option<DecimalFormatter>; 2]> = LazyLock::new(|| {
    [locale!("sv"), locale!("en")]
        .map(|locale| DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default()).ok())
});

/// Arguments of a message.
type Arguments = HashMap<Cow<'static, str>, FluentValue<'static>>;

/// The words of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The language.
    pub language: Language,
}

impl Words {
    fn at(self) -> usize {
        match self.language {
            Language::Sv => 0,
            Language::En => 1,
        }
    }

    /// A message.
    pub fn say(&self, key: &str) -> String {
        MESSAGES.lookup(&TAGS[self.at()], key)
    }

    /// A message with an argument.
    pub fn with(&self, key: &str, name: &'static str, value: impl AsRef<str>) -> String {
        self.with_all(key, [(name, value.as_ref().to_owned().into())])
    }

    /// A message with arguments: texts, and numbers that its grammar depends on.
    pub fn with_all<const N: usize>(&self, key: &str, arguments: [(&'static str, FluentValue<'static>); N]) -> String {
        let arguments: Arguments = arguments.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        MESSAGES.lookup_with_args(&TAGS[self.at()], key, &arguments)
    }

    /// A message with a whole number, which it says as its language writes it.
    pub fn counted(&self, key: &str, number: impl Borrow<i64>) -> String {
        let number = *number.borrow();
        self.with_all(key, [("count", number.into()), ("number", self.number(number as f64).into())])
    }

    /// A text that exists in both languages.
    pub fn of<'a>(&self, text: &'a Text) -> &'a str {
        self.language.of(text)
    }

    /// A number, in tenths where it is not whole.
    pub fn number(&self, number: f64) -> String {
        let tenths = (number * 10.0).round() as i64;
        let mut decimal = Decimal::from(tenths);
        decimal.multiply_pow10(-1);
        decimal.trim_end();
        NUMBERS[self.at()].as_ref().map_or_else(|| number.to_string(), |numbers| numbers.format(&decimal).to_string())
    }

    /// Per cent: `47 %` in Swedish, with a space that is not broken, and `47%` in English.
    pub fn percent(&self, number: f64) -> String {
        match self.language {
            Language::Sv => format!("{}\u{a0}%", self.number(number)),
            Language::En => format!("{}%", self.number(number)),
        }
    }

    /// Percentage points, in words.
    pub fn points(&self, number: f64) -> String {
        let number = rounded(number);
        let number_in_words = self.number(number);
        self.with_all("percentage-points", [("count", number.abs().into()), ("number", number_in_words.into())])
    }

    /// What a number of percentage points is called after it.
    pub fn unit_of_points(&self, number: f64) -> String {
        self.with_all("unit-of-points", [("count", rounded(number).abs().into())])
    }

    /// A list within a sentence: `a, b och c`.
    pub fn list(&self, items: &[String]) -> String {
        let and = match self.language {
            Language::Sv => "och",
            Language::En => "and",
        };
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [rest @ .., last] => format!("{} {and} {last}", rest.join(", ")),
        }
    }

    /// Percentage points with a sign before them.
    pub fn signed(&self, number: f64) -> String {
        let number = rounded(number);
        let plus = if number > 0.0 { "+" } else { "" };
        format!("{plus}{}", self.number(number))
    }
}

/// A number as it is written, in tenths; what is rounded away has no sign.
fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_has_them() {
        let [sv, en] = Language::ALL.map(|language| Words { language });
        for (number, swedish, english) in [
            (47.0, "47", "47"),
            (6.6, "6,6", "6.6"),
            (12_340.0, "12\u{a0}340", "12,340"),
            (-1.5, "\u{2212}1,5", "-1.5"),
        ] {
            assert_eq!((sv.number(number).as_str(), en.number(number).as_str()), (swedish, english));
        }
        assert_eq!((sv.percent(47.0).as_str(), en.percent(47.0).as_str()), ("47\u{a0}%", "47%"));
        assert_eq!(
            (sv.points(1.0).as_str(), en.points(1.0).as_str()),
            ("1\u{a0}procentenhet", "1\u{a0}percentage point")
        );
        assert_eq!(sv.points(6.6), "6,6\u{a0}procentenheter");
    }
}
