//! Every edition: the log, what each changed in the one before, how to cite, and the feed.

use askama::Template;

use super::{NoPage, PageKind, Site, cite, text};
use crate::web::{Asked, Shell, Words};

pub(super) static PAGE: PageKind =
    PageKind { addresses: super::EDITIONS, parameters: &[], example: "", is_for_holders: false, make };

#[derive(Debug, Template)]
#[template(path = "editions.html", config = "src/web/askama.toml")]
struct Editions {
    shell: Shell,
    words: Words,
    log: Vec<Listed>,
    /// What is planned: day and text.
    calendar: Vec<(String, String)>,
    cite: String,
    fixed: String,
}

/// An edition of the log.
#[derive(Debug)]
struct Listed {
    number: String,
    day: String,
    kind: String,
    release: String,
    short: String,
    /// What it changed in the one before.
    changes: Option<String>,
}

fn make(site: &Site<'_>, asked: &Asked, words: Words) -> Result<String, NoPage> {
    let meta = &site.edition.meta;
    let mut editions: Vec<Listed> = Vec::new();
    if let Ok(grid) = site.edition.grid("releases") {
        for row in &grid.rows {
            let of = |column: &str| text(grid, row, column).unwrap_or_default();
            let release = of("release");
            editions.push(Listed {
                number: of("sequence"),
                day: of("published_at").get(..10).unwrap_or_default().to_owned(),
                kind: words.say(&format!("edition-{}", of("kind"))),
                short: release.get(..12).unwrap_or_default().to_owned(),
                release,
                changes: None,
            });
        }
    }
    editions.sort_by_key(|own| own.number.parse::<i64>().unwrap_or_default());
    for at in 1..editions.len() {
        let before = editions[at - 1].release.clone();
        let after = editions[at].release.clone();
        editions[at].changes = Some(format!("{}/{before}/{after}", super::EDITIONS[super::at(words)]));
    }
    editions.reverse();
    let cite = cite(site, words);
    let mut calendar: Vec<(String, String)> =
        site.publisher.calendar.iter().map(|own| (own.day.clone(), words.of(&own.text).to_owned())).collect();
    calendar.sort();
    let fixed = format!("/v1/figures?release={}", meta.release);
    let page = Editions {
        shell: PAGE.shell(site, asked, words, words.say("place-editions")),
        words,
        log: editions,
        calendar,
        cite,
        fixed,
    };
    Ok(page.render()?)
}
