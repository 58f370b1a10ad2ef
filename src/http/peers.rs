//! The peers of each year that a request asks for, or why there are none; which years may lie beside each other is `comparable`'s.

use std::sync::Arc;

use super::{Problem, ProblemKind, parameter::Parameters, selection, unknown};
use crate::figure::{Chosen, Edition, LEAST_PEERS, Peers, PeersError};

/// An instrument with the peers of each year.
pub(super) type OfYears = (Arc<str>, Vec<(i64, Chosen)>);

/// The peers in those of the instruments in which there are such, in the years that `year` selects; unless told, in the latest.
/// Selections such as `*` and `last(5)` are of the years in which there are such peers; one that names a year is refused if another
/// year has them and that one does not, since nobody would miss its rows.
pub(super) fn of_years(
    edition: &Edition,
    parameters: &Parameters,
    instruments: impl Iterator<Item = Arc<str>>,
    peers: &Peers,
    organisation: Option<&str>,
) -> Result<Vec<OfYears>, Problem> {
    let text = parameters.get("year");
    let (mut found, mut refused) = (Vec::new(), None);
    for instrument in instruments {
        let all = edition.membership.years(&instrument);
        let (mut of_years, mut missing) = (Vec::new(), None);
        for year in selection::years(text, &all, "last(1)")? {
            let chosen = if all.contains(&year) {
                peers.choose(edition, &instrument, year, organisation).map_err(problem)
            } else {
                Err(not_measured(&instrument, year, &all))
            };
            match chosen {
                Ok(chosen) => of_years.push((year, chosen)),
                Err(problem) if selection::is_named(text, year) => drop(missing.get_or_insert(problem)),
                Err(problem) => drop(refused.get_or_insert(problem)),
            }
        }
        match (missing, of_years.is_empty()) {
            (Some(problem), false) => return Err(problem),
            (None, false) => found.push((instrument, of_years)),
            (missing, true) => refused = refused.or(missing),
        }
    }
    match refused {
        Some(problem) if found.is_empty() => Err(problem),
        _ => Ok(found),
    }
}

fn not_measured(instrument: &str, year: i64, all: &[i64]) -> Problem {
    let all = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Problem::with(
        ProblemKind::UnknownId,
        format!("year: {instrument} har inga svar från {year}; det finns {all}."),
        format!("year: {instrument} has no answers of {year}; there are {all}."),
    )
}

/// Says which peers there are not, and what to do.
pub(super) fn problem(error: PeersError) -> Problem {
    let clean = |id: &str| -> String { id.chars().filter(|c| !c.is_control()).take(80).collect() };
    match error {
        PeersError::Unreadable => Problem::with(
            ProblemKind::InvalidParameter,
            "peers ska vara block, similar, similar:12, county, skr-group, group:ID eller members:ID,ID.",
            "peers has to be block, similar, similar:12, county, skr-group, group:ID or members:ID,ID.",
        ),
        PeersError::NoOrganisation => Problem::with(
            ProblemKind::InvalidParameter,
            "De jämförda väljs utifrån en organisation: ange organisation=ID, eller peers=members:ID,ID.",
            "These peers are those of an organisation: give organisation=ID, or peers=members:ID,ID.",
        ),
        PeersError::UnknownOrganisation(id) => unknown("organisation", &id),
        PeersError::UnknownGroup(id) => unknown("group", &id),
        PeersError::NotParticipating { ids, year } => {
            let ids: Vec<String> = ids.iter().take(25).map(|id| clean(id)).collect();
            let ids = ids.join(", ");
            Problem::with(
                ProblemKind::NotParticipating,
                format!(
                    "Deltog inte {year}, eller räknas inte: {ids}. Ta bort dem ur urvalet eller välj ett annat år."
                ),
                format!("Took no part in {year}, or do not count: {ids}. Leave them out, or choose another year."),
            )
        }
        PeersError::NoSuchPeers(id) => {
            let id = clean(&id);
            Problem::with(
                ProblemKind::InvalidParameter,
                format!("{id} har inga sådana jämförbara: välj block, group:ID eller members:ID,ID."),
                format!("{id} has no such peers: choose block, group:ID or members:ID,ID."),
            )
        }
        PeersError::TooFew { found } => Problem::with(
            ProblemKind::TooFewPeers,
            format!("Det blir för få att jämföra med ({found}): välj minst {LEAST_PEERS} organisationer."),
            format!("These are too few to compare with ({found}): choose at least {LEAST_PEERS} organisations."),
        ),
    }
}
