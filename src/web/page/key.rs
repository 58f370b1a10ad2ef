//! The page on which a holder shows an organisation's key; it is made for one reader and never kept.

use askama::Template;

use crate::{
    model::Text,
    web::{PageError, Shell, Words},
};

/// The page.
#[derive(Debug, Template)]
#[template(path = "key.html", config = "src/web/askama.toml")]
pub struct KeyPage {
    shell: Shell,
    words: Words,
    action: &'static str,
    organisation: String,
    /// Choices of the page that it was reached from.
    choices: Vec<(String, String)>,
    /// The organisation whose results are open now.
    open: Option<String>,
    token: String,
    refusal: Option<String>,
}

impl KeyPage {
    /// The addresses of the page in Swedish and in English.
    pub const ADDRESSES: [&'static str; 2] = ["/nyckel", "/en/key"];

    /// What may be chosen on the page that it was reached from, and stays chosen.
    pub const CHOICES: [&'static str; 6] = ["organisation", "peers", "instrument", "indicator", "year", "value"];

    /// The page with a form that has a token, and why the form before it was refused.
    pub fn new(
        words: Words,
        mut choices: Vec<(String, String)>,
        open: Option<&str>,
        token: String,
        refusal: Option<&str>,
        notice: Option<Text>,
    ) -> Self {
        let organisation = choices.iter().find(|(name, _)| name == "organisation").map(|(_, value)| value.clone());
        choices.retain(|(name, _)| name != "organisation");
        let shell = Shell {
            words,
            title: words.say("key-title"),
            addresses: Self::ADDRESSES.map(str::to_owned),
            canonical: None,
            notice,
            edition: None,
        };
        Self {
            shell,
            words,
            action: Self::ADDRESSES[super::at(words)],
            organisation: organisation.unwrap_or_default(),
            choices,
            open: open.map(str::to_owned),
            token,
            refusal: refusal.map(|key| words.say(key)),
        }
    }

    /// The page as HTML.
    pub fn html(&self) -> Result<String, PageError> {
        Ok(self.render()?)
    }
}
