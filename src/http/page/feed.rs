//! `/utgavor.atom`: the log of editions as a feed (RFC 4287), for whoever wants to hear of a new one.

use atom_syndication::{Content, Entry, Feed, FixedDateTime, Link, Person, Text as AtomText};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use crate::{
    encode::{Grid, Value},
    http::{App, Problem, ProblemKind, answer, parameter::Parameters, table_of},
    model::Language,
    web::Words,
};

const PATH: &str = "/utgavor.atom";

pub(super) fn mounted(router: Router<App>) -> Router<App> {
    router.route(PATH, get(get_feed))
}

async fn get_feed(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    Parameters::only(uri.query(), &[])?;
    let base = app.base(&headers)?;
    let publisher = app.publisher()?;
    answer::bytes(&app, &uri, &headers, Some(&base), "application/atom+xml; charset=utf-8", |served| {
        let releases = table_of(&served.edition, "releases")?;
        let mut entries: Vec<Entry> = (0..releases.rows.len()).map(|row| entry(releases, row, &base.address)).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.updated));
        let feed = Feed {
            title: AtomText::plain(format!("{}: utgåvor", publisher.data.title.sv)),
            id: format!("{}{PATH}", base.address),
            updated: entries.first().map(|entry| entry.updated).unwrap_or_default(),
            authors: vec![Person { name: publisher.name.sv.clone(), ..Person::default() }],
            links: vec![
                link(format!("{}{PATH}", base.address), "self"),
                link(format!("{}/utgavor", base.address), "alternate"),
            ],
            lang: Some("sv".to_owned()),
            entries,
            ..Feed::default()
        };
        let mut out = Vec::new();
        feed.write_to(&mut out).map_err(|_| Problem::new(ProblemKind::Internal))?;
        Ok(out)
    })
}

fn link(href: String, rel: &str) -> Link {
    Link { href, rel: rel.to_owned(), ..Link::default() }
}

fn entry(releases: &Grid, row: usize, base: &str) -> Entry {
    let of = |column: &str| match releases.position(column).and_then(|at| releases.rows[row].get(at)) {
        Some(Value::Text(text)) => text.to_string(),
        Some(Value::Whole(number)) => number.to_string(),
        _ => String::new(),
    };
    let (release, number, kind) = (of("release"), of("sequence"), of("kind"));
    // the feed is in Swedish
    let words = Words { language: Language::Sv };
    let updated = FixedDateTime::parse_from_rfc3339(&of("published_at")).unwrap_or_default();
    Entry {
        title: AtomText::plain(format!("Utgåva {number}")),
        // the same for ever, wherever the service is reached
        id: format!("urn:sha256:{release}"),
        updated,
        published: Some(updated),
        links: vec![link(format!("{base}/v1/releases/{release}"), "alternate")],
        content: Some(Content {
            value: Some(format!(
                "Utgåva {number} ({}), {}.",
                words.say(&format!("edition-{kind}")),
                release.get(..12).unwrap_or_default()
            )),
            content_type: Some("text".to_owned()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}
