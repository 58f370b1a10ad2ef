//! The accessibility statement: what is promised, how it was checked, what is known to fall short, and whom to tell.

use askama::Template;

use super::{NoPage, PageKind, Site};
use crate::web::{Asked, Shell, Words};

pub(super) static PAGE: PageKind =
    PageKind { addresses: super::ACCESSIBILITY, parameters: &[], example: "", is_for_holders: false, make };

#[derive(Debug, Template)]
#[template(path = "accessibility.html", config = "src/web/askama.toml")]
struct Accessibility {
    shell: Shell,
    words: Words,
    publisher: String,
    email: String,
}

fn make(site: &Site<'_>, asked: &Asked, words: Words) -> Result<String, NoPage> {
    let page = Accessibility {
        shell: PAGE.shell(site, asked, words, words.say("place-accessibility")),
        words,
        publisher: words.of(&site.publisher.name).to_owned(),
        email: site.publisher.contact.email.clone(),
    };
    Ok(page.render()?)
}
