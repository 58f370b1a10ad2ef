//! An organisation's own results beside its peers, for the reader who has its key: the value, what stands out, units and roles.

use std::sync::Arc;

use super::text;
use crate::{
    figure::{
        Chosen, Comparison, Edition, Finding, Named, Reference, Standing, Strength, Subject, explanation, strengths,
    },
    web::{Own, Words},
};

/// What is shown.
#[derive(Debug)]
pub(super) struct OwnView {
    /// The value, its difference and whether that exceeds its uncertainty.
    pub(super) sentences: Vec<String>,
    /// Categories that lie below and above the peers by more than the uncertainty, each with an explanation and courses.
    pub(super) weak: Vec<[String; 3]>,
    pub(super) strong: Vec<[String; 3]>,
    /// Said where no category stands out.
    pub(super) nothing: Option<String>,
    /// Units and roles: name, respondents, value.
    pub(super) parts: Vec<[String; 3]>,
}

impl OwnView {
    /// The view of a measure and year.
    pub(super) fn of(
        edition: &Edition,
        own: &Arc<Own>,
        organisation: Option<&str>,
        (instrument, key, year): (&str, &str, i64),
        (chosen, found): (&Chosen, &Comparison),
        words: Words,
    ) -> Self {
        let all = strengths(edition, instrument, year, Subject::Own(&own.results), Reference::Peers(chosen));
        let named = |own: &Strength<'_>| {
            let said = words.of(&explanation(own, Named::Peers)).to_owned();
            let courses: Vec<String> = edition
                .courses_for(&own.indicator.instrument, &own.indicator.key, None)
                .filter(|_| own.is_weakest())
                .map(|course| words.of(&course.name).to_owned())
                .collect();
            let courses = if courses.is_empty() {
                String::new()
            } else {
                words.with("own-courses", "courses", words.list(&courses))
            };
            [words.of(&own.indicator.name).to_owned(), said, courses]
        };
        let listed = |wanted: Finding| {
            let own = all.iter().filter(move |own| own.finding == wanted);
            own.filter(|own| own.rank.is_some() || own.is_tied).map(named).collect::<Vec<_>>()
        };
        let (weak, strong) = (listed(Finding::Weaker), listed(Finding::Stronger));
        let is_known = all.iter().any(|own| own.finding != Finding::NotKnown);
        let nothing = (weak.is_empty() && strong.is_empty())
            .then(|| words.say(if is_known { "own-none" } else { "own-not-known" }));
        Self {
            sentences: sentences(edition, own, organisation, (instrument, key, year), (chosen, found), words),
            weak,
            strong,
            nothing,
            parts: parts(edition, own, (instrument, key, year), words),
        }
    }
}

fn sentences(
    edition: &Edition,
    own: &Own,
    organisation: Option<&str>,
    (instrument, key, year): (&str, &str, i64),
    (chosen, found): (&Chosen, &Comparison),
    words: Words,
) -> Vec<String> {
    let Some(value) = own.results.get(instrument, key, year) else { return Vec::new() };
    let standing = Standing::of(edition, instrument, year, organisation, chosen);
    let beside = standing.in_measure(edition, [instrument, key], year, found, Some(value));
    let own = words.percent(value.value);
    // the peers' value may be none to subtract from
    let Some(difference) = beside.value else { return vec![words.with("own-value-alone", "value", own)] };
    let key = match difference.points {
        points if points > 0.0 => "own-value-above",
        points if points < 0.0 => "own-value-below",
        _ => "own-value-equal",
    };
    let points = words.points(difference.points.abs());
    let mut said = vec![words.with_all(key, [("value", own.into()), ("points", points.into())])];
    if let (Some(uncertainty), Some(exceeds)) = (difference.uncertainty, difference.exceeds()) {
        said.push(words.with(if exceeds { "own-exceeds" } else { "own-within" }, "points", words.points(uncertainty)));
        if value.error.is_none() {
            said.push(words.say("own-error-unknown"));
        }
    }
    said
}

/// Units and roles in a measure and year, in the order of the results.
fn parts(edition: &Edition, own: &Own, (instrument, key, year): (&str, &str, i64), words: Words) -> Vec<[String; 3]> {
    let of = |row: &[crate::encode::Value], column: &str| text(&own.rows, row, column);
    let is_wanted = |row: &[crate::encode::Value]| {
        of(row, "instrument").as_deref() == Some(instrument)
            && of(row, "measure").as_deref() == Some(key)
            && of(row, "year").as_deref() == Some(&*year.to_string())
            && matches!(of(row, "scope").as_deref(), Some("unit" | "role"))
    };
    let score = |row: &[crate::encode::Value]| match own.rows.position("score").and_then(|at| row.get(at)) {
        Some(crate::encode::Value::Number(score)) => words.percent(*score),
        Some(crate::encode::Value::Whole(score)) => words.percent(*score as f64),
        _ => words.say("withheld"),
    };
    let rows = own.rows.rows.iter().filter(|row| is_wanted(row));
    rows.map(|row| {
        let role = of(row, "role").map(|role| {
            edition
                .names
                .of(Some(instrument), "role", &role)
                .map_or_else(|| role.clone(), |name| words.of(name).to_owned())
        });
        let name = of(row, "unit").or(role).unwrap_or_default();
        [name, of(row, "respondents").unwrap_or_else(|| "–".to_owned()), score(row)]
    })
    .collect()
}
