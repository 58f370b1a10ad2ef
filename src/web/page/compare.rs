//! An organisation beside its peers: who they are, how they are distributed, each category, and how sure that is. Every choice
//! stands in the address.

use askama::Template;

use super::{KeyPage, NoPage, PageKind, Site, exhibit, instrument, instrument_name, no_peers, own::OwnView};
use crate::{
    figure::{Chosen, Comparison, Edition, Method, Peers, compare},
    web::{
        Asked, Shell, Words,
        search::{self, Organisation},
    },
};

pub(super) static PAGE: PageKind = PageKind {
    addresses: super::COMPARE,
    parameters: &["find", "organisation", "add", "peers", "instrument", "indicator", "year", "value"],
    example: "organisation=municipality-1881&peers=similar:16",
    is_for_holders: true,
    make,
};

/// Organisations that a list of one's own may have.
const MEMBERS_MAX: usize = 60;

#[derive(Debug, Template)]
#[template(path = "compare.html", config = "src/web/askama.toml")]
struct Compare {
    shell: Shell,
    words: Words,
    action: &'static str,
    find: String,
    /// What was found: address and name.
    found: Option<Vec<(String, String)>>,
    own: Option<Own>,
}

/// The organisation that is compared.
#[derive(Debug)]
struct Own {
    title: String,
    canonical: String,
    heading: String,
    id: String,
    about: String,
    kinds: Vec<Choice>,
    peers: String,
    instruments: Vec<Choice>,
    measures: Vec<Choice>,
    years: Vec<Choice>,
    value: String,
    /// Choices that adding to a list keeps.
    kept: Vec<(&'static str, String)>,
    add: String,
    /// Organisations to add to a list of one's own: address and name.
    additions: Option<Vec<(String, String)>>,
    /// The list of one's own: name, and the address without it.
    members: Vec<(String, String)>,
    refusal: Option<String>,
    result: Option<Outcome>,
    report: String,
}

/// One of several to choose.
#[derive(Debug)]
struct Choice {
    value: String,
    name: String,
    is_chosen: bool,
}

/// What the comparison found.
#[derive(Debug)]
struct Outcome {
    sentences: Vec<String>,
    method: Vec<String>,
    exhibits: Vec<String>,
    members: Vec<String>,
    call: String,
    own: Option<OwnView>,
    key: String,
}

/// The page before an organisation is chosen.
pub(super) fn choose(site: &Site<'_>, words: Words) -> Result<String, NoPage> {
    make(site, &Asked::default(), words)
}

fn make(site: &Site<'_>, asked: &Asked, words: Words) -> Result<String, NoPage> {
    let action = super::COMPARE[super::at(words)];
    let find = asked.get("find").unwrap_or_default().to_owned();
    let found = (!find.is_empty()).then(|| {
        let named = |own: Organisation| {
            let query = Asked::new([("organisation", &*own.id)]).query();
            (format!("{action}?{query}"), labelled(site.edition, &own, words))
        };
        search::organisations(site.edition, &find).into_iter().map(named).collect()
    });
    let own = match asked.get("organisation") {
        None => None,
        Some(id) => {
            let own =
                search::organisation(site.edition, id).ok_or_else(|| NoPage::Unknown("organisation", id.to_owned()))?;
            Some(about(site, asked, &own, words)?)
        }
    };
    let title = match &own {
        Some(own) => own.title.clone(),
        None => words.say("place-compare"),
    };
    let mut shell = PAGE.shell(site, asked, words, title);
    shell.canonical = Some(own.as_ref().map_or_else(|| action.to_owned(), |own| own.canonical.clone()));
    let page = Compare { shell, words, action, find, found, own };
    Ok(page.render()?)
}

/// A name with what tells it from others of that name.
fn labelled(edition: &Edition, own: &Organisation, words: Words) -> String {
    let sector = edition.names.of(None, "sector", &own.sector).map_or(own.sector.as_str(), |name| words.of(name));
    match &own.county {
        Some(county) => format!("{} ({sector}, {county})", own.name),
        None => format!("{} ({sector})", own.name),
    }
}

fn about(site: &Site<'_>, asked: &Asked, own: &Organisation, words: Words) -> Result<Own, NoPage> {
    let edition = site.edition;
    let id = instrument(site, asked)?;
    let text = asked.get("peers").unwrap_or("similar:16");
    // a form sends all its fields: what the survey chosen does not have is as not chosen
    let key = asked
        .get("indicator")
        .filter(|key| edition.indicator(&id, key).is_some())
        .map(str::to_owned)
        .or_else(|| {
            let headline = |own: &&crate::figure::Indicator| own.headline && own.instrument == id;
            edition.indicators.iter().find(headline).map(|own| own.key.to_string())
        })
        .or_else(|| edition.indicators.iter().find(|own| own.instrument == id).map(|own| own.key.to_string()))
        .unwrap_or_default();
    if edition.indicator(&id, &key).is_none() {
        return Err(NoPage::Unknown("indicator", key));
    }
    let year = asked
        .year(edition, &id)
        .or_else(|| edition.membership.years(&id).last().copied())
        .ok_or_else(|| NoPage::Unknown("year", asked.get("year").unwrap_or_default().to_owned()))?;
    let all = asked.with("instrument", &id).with("indicator", &key).with("peers", text).with("year", &year.to_string());
    let peers = Peers::parse(text);
    let chosen = peers.as_ref().map_err(Clone::clone).and_then(|peers| peers.choose(edition, &id, year, Some(&own.id)));
    let list = OwnList::of(edition, peers.as_ref().ok(), &all, words);
    let kinds = kinds(text, list.members.len(), words);
    let (refusal, result) = match &chosen {
        Ok(chosen) => (None, Some(outcome(site, &all, (&id, &key, year), chosen, words)?)),
        Err(error) => (Some(no_peers(edition, error, words)), None),
    };
    let chosen_kind = kinds.iter().find(|kind| kind.is_chosen).map_or(text, |kind| &*kind.name);
    let title = words.with_all(
        "compare-title-full",
        [
            ("name", own.name.clone().into()),
            ("peers", chosen_kind.to_owned().into()),
            (
                "measure",
                edition.indicator(&id, &key).map_or_else(String::new, |own| words.of(&own.name).to_owned()).into(),
            ),
            ("year", year.to_string().into()),
        ],
    );
    let canonical = PAGE.addressed(&all.only(&["organisation", "peers", "instrument", "indicator", "year"]));
    Ok(Own {
        title,
        canonical: canonical[super::at(words)].clone(),
        heading: words.with("compare-title", "name", &own.name),
        id: own.id.clone(),
        about: labelled(edition, own, words),
        kinds,
        peers: text.to_owned(),
        instruments: edition
            .instruments()
            .iter()
            .map(|other| choice(other, instrument_name(site, other, words), *other == id))
            .collect(),
        measures: edition
            .indicators
            .iter()
            .filter(|other| other.instrument == id)
            .map(|other| choice(&other.key, words.of(&other.name).to_owned(), *other.key == *key))
            .collect(),
        years: edition
            .membership
            .years(&id)
            .into_iter()
            .rev()
            .map(|other| choice(&other.to_string(), other.to_string(), other == year))
            .collect(),
        value: asked.get("value").unwrap_or_default().to_owned(),
        kept: ["instrument", "indicator", "year", "value"]
            .into_iter()
            .filter_map(|name| Some((name, all.get(name)?.to_owned())))
            .collect(),
        add: asked.get("add").unwrap_or_default().to_owned(),
        additions: list.additions,
        members: list.members,
        refusal,
        result,
        report: super::report::address(&all, words),
    })
}

fn choice(value: &str, name: String, is_chosen: bool) -> Choice {
    Choice { value: value.to_owned(), name, is_chosen }
}

/// Kinds of peers to choose from, with the one that is chosen.
fn kinds(text: &str, members: usize, words: Words) -> Vec<Choice> {
    let kinds = [
        ("similar:16", "peers-similar-16"),
        ("similar:8", "peers-similar-8"),
        ("similar:30", "peers-similar-30"),
        ("block", "peers-block"),
        ("county", "peers-county"),
        ("skr-group", "peers-skr-group"),
    ];
    let mut kinds: Vec<Choice> =
        kinds.into_iter().map(|(value, key)| choice(value, words.say(key), value == text)).collect();
    if !kinds.iter().any(|kind| kind.is_chosen) {
        let name = if members == 0 { text.to_owned() } else { words.counted("peers-own-list", members as i64) };
        kinds.push(choice(text, name, true));
    }
    kinds
}

/// A list of one's own, which is made by links.
struct OwnList {
    /// Name, and the address without it.
    members: Vec<(String, String)>,
    /// Organisations to add: address and name.
    additions: Option<Vec<(String, String)>>,
}

impl OwnList {
    fn of(edition: &Edition, peers: Option<&Peers>, all: &Asked, words: Words) -> Self {
        let ids: &[String] = if let Some(Peers::Members(ids)) = peers { ids } else { &[] };
        let action = super::COMPARE[super::at(words)];
        let listed = |ids: &[String]| {
            let peers = if ids.is_empty() { String::new() } else { format!("members:{}", ids.join(",")) };
            let query = all.with("peers", &peers).with("add", "").with("find", "");
            format!("{action}?{}", Asked::new(pairs(&query)).query())
        };
        let without = |at: usize| {
            let mut rest = ids.to_vec();
            rest.remove(at);
            listed(&rest)
        };
        let with = |id: String| {
            let mut more = ids.to_vec();
            more.push(id);
            listed(&more)
        };
        let name = |id: &str| search::organisation(edition, id).map_or_else(|| id.to_owned(), |own| own.name);
        let additions = all.get("add").map(|add| {
            let found = search::organisations(edition, add).into_iter().filter(|other| !ids.contains(&other.id));
            let found = found.filter(|_| ids.len() < MEMBERS_MAX);
            found.map(|other| (with(other.id.clone()), labelled(edition, &other, words))).collect()
        });
        Self { members: ids.iter().enumerate().map(|(at, id)| (name(id), without(at))).collect(), additions }
    }
}

/// Choices as pairs.
fn pairs(asked: &Asked) -> Vec<(&str, &str)> {
    PAGE.parameters.iter().filter_map(|name| Some((*name, asked.get(name)?))).collect()
}

fn outcome(
    site: &Site<'_>,
    all: &Asked,
    (id, key, year): (&str, &str, i64),
    chosen: &Chosen,
    words: Words,
) -> Result<Outcome, NoPage> {
    let edition = site.edition;
    let found = compare(edition, id, key, year, chosen);
    let name = |id: &str| search::organisation(edition, id).map_or_else(|| id.to_owned(), |own| own.name);
    let mut members: Vec<String> = chosen.members.iter().map(|id| name(id)).collect();
    members.sort();
    let exhibits = ["peers", "peers-categories"].into_iter().map(|name| exhibit(site, name, all, words, 3));
    Ok(Outcome {
        sentences: sentences(&found, chosen, words),
        method: {
            let mut said = method(edition, id, &found, chosen, words);
            said.extend(
                all.get("organisation")
                    .filter(|own| chosen.members.contains(*own))
                    .map(|own| words.with("method-includes", "name", name(own))),
            );
            said
        },
        exhibits: exhibits.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect(),
        members,
        own: all
            .own
            .as_ref()
            .map(|own| OwnView::of(edition, own, all.get("organisation"), (id, key, year), (chosen, &found), words)),
        key: format!("{}?{}", KeyPage::ADDRESSES[super::at(words)], all.only(&KeyPage::CHOICES).query()),
        call: format!(
            "/v1/comparisons?{}",
            all.only(&["instrument", "indicator", "organisation", "peers", "year", "value"]).query()
        ),
    })
}

/// The peers' mean as it is written; none where it is not shown.
pub(super) fn written(found: &Comparison, words: Words) -> Option<String> {
    let mean = found.mean?;
    Some(format!("{}{}", found.bound.map_or("", super::chart::sign), words.percent(mean as f64)))
}

/// The peers' value and how far it is to the target.
pub(super) fn sentences(found: &Comparison, chosen: &Chosen, words: Words) -> Vec<String> {
    let mut said = Vec::new();
    let number = chosen.members.len() as i64;
    let about = || [("count", number.into()), ("number", words.number(number as f64).into())];
    let valued = |key: &str, value: String| {
        let [count, number] = about();
        words.with_all(key, [count, number, ("value", value.into())])
    };
    match (written(found, words), found.method) {
        (Some(value), Method::Exact) => said.push(valued("compare-mean", value)),
        (Some(value), Method::BlockMixture) => said.push(valued("compare-typical", value)),
        (None, _) if &*found.status == "withheld" => said.push(words.with_all("compare-withheld", about())),
        (None, _) => said.push(words.with_all("compare-missing", about())),
    }
    if let (Some((target, gap)), Some(_)) = (found.target, found.mean.filter(|_| found.bound.is_none())) {
        let key = if gap > 0 { "compare-gap" } else { "compare-reached" };
        said.push(words.with_all(
            key,
            [("points", words.points(gap as f64).into()), ("target", words.percent(target as f64).into())],
        ));
    }
    said
}

/// How the figures came about, in plain words.
pub(super) fn method(edition: &Edition, id: &str, found: &Comparison, chosen: &Chosen, words: Words) -> Vec<String> {
    let mut said = Vec::new();
    if let (Some(asked), Some(group)) = (&chosen.answers_for, &chosen.group) {
        let name = |group: &str| {
            edition.group(id, group).map_or_else(|| group.to_owned(), |own| words.of(&own.name).to_owned())
        };
        said.push(words.with_all("method-answers-for", [("asked", name(asked).into()), ("group", name(group).into())]));
    }
    match found.method {
        Method::Exact => said.push(words.say("method-exact")),
        Method::BlockMixture => {
            said.push(words.say("method-mixture"));
            if let Some(error) = found.expected_error {
                said.push(words.with("method-error", "points", words.points((error * 10.0).round() / 10.0)));
            }
            let parts = chosen.mixture.parts.iter().map(|part| {
                let name = edition
                    .group(id, &part.block)
                    .map_or_else(|| part.block.to_string(), |own| words.of(&own.name).to_owned());
                words.with_all(
                    "method-part",
                    [
                        ("members", (part.members as i64).into()),
                        ("size", (part.size as i64).into()),
                        ("block", name.into()),
                    ],
                )
            });
            said.push(words.with("method-blocks", "parts", parts.collect::<Vec<_>>().join("; ")));
        }
    }
    said.push(words.say("method-safe"));
    said
}
