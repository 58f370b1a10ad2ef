//! Whom an organisation is compared with: a published group, the most similar ones, or a list of one's own; results play no part.

use std::{collections::BTreeSet, sync::Arc};

use super::{Change, Edition, membership::Members, mixture::Mixture, registered::REGISTERED};
use crate::encode::Value;

/// Fewer peers than these are not compared with, since a mixture of so few blocks' figures would say little of them.
pub const LEAST_PEERS: usize = 8;

/// How peers are chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peers {
    /// The organisation's block: the most similar ones, with exact figures.
    Block,
    /// Its county.
    County,
    /// Its SKR group of 2023.
    SkrGroup,
    /// So many of the most similar participants.
    Similar(usize),
    /// A published group.
    Group(String),
    /// These organisations.
    Members(Vec<String>),
}

/// Why there are no such peers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeersError {
    /// No kind of peers.
    #[error("peers are chosen by county, skr-group, block, similar, similar:12, group:ID or members:ID,ID")]
    Unreadable,
    /// The choice starts from an organisation, and none is named.
    #[error("these peers are those of an organisation; name one")]
    NoOrganisation,
    /// No such organisation in the register.
    #[error("{0} is in no register of this release")]
    UnknownOrganisation(String),
    /// No such group.
    #[error("{0} is no group of this instrument and year")]
    UnknownGroup(String),
    /// Members that took no part, or do not count.
    #[error("{} took no part in {year}", .ids.join(", "))]
    NotParticipating {
        /// Who.
        ids: Vec<String>,
        /// The year.
        year: i64,
    },
    /// The organisation has no county, SKR group or structure variables.
    #[error("{0} has no such peers")]
    NoSuchPeers(String),
    /// Fewer than [`LEAST_PEERS`].
    #[error("{found} peers are too few; choose at least {LEAST_PEERS}")]
    TooFew {
        /// How many there are.
        found: usize,
    },
}

/// Peers of one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The published group that they are, in whatever order and however often they were named.
    pub group: Option<Arc<str>>,
    /// The group asked for, where a larger one answers for it.
    pub answers_for: Option<Arc<str>>,
    /// Who they are.
    pub members: Members,
    /// How they are put together from blocks.
    pub mixture: Mixture,
}

impl Peers {
    /// Reads a choice such as `similar:12` or `members:a,b`.
    pub fn parse(text: &str) -> Result<Self, PeersError> {
        let list = |ids: &str| -> Vec<String> {
            ids.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
        };
        match text.split_once(':') {
            None => match text {
                // the organisation's block is its group of similar organisations
                "block" | "similar" => Ok(Self::Block),
                "county" => Ok(Self::County),
                "skr-group" => Ok(Self::SkrGroup),
                _ => Err(PeersError::Unreadable),
            },
            Some(("similar", count)) => count.parse().map(Self::Similar).map_err(|_| PeersError::Unreadable),
            // in a query string a plus sign is a space, and ids have the one and never the other
            Some(("group", id)) if !id.trim().is_empty() => Ok(Self::Group(id.trim().replace(' ', "+"))),
            Some(("members", ids)) if !list(ids).is_empty() => Ok(Self::Members(list(ids))),
            Some(_) => Err(PeersError::Unreadable),
        }
    }

    /// Finds the peers of a year. Whoever is asked about is looked up before anything is computed.
    pub fn choose(
        &self,
        edition: &Edition,
        instrument: &str,
        year: i64,
        organisation: Option<&str>,
    ) -> Result<Chosen, PeersError> {
        if let Some(id) = organisation.filter(|id| !edition.knows(id)) {
            return Err(PeersError::UnknownOrganisation(id.to_owned()));
        }
        let own = || organisation.ok_or(PeersError::NoOrganisation);
        let none = Members::new();
        let participants = edition.membership.members(instrument, year, "all").unwrap_or(&none);
        let group = match self {
            Self::Block => Some(Self::block(edition, instrument, year, own()?)?),
            Self::County => Some(format!("county:{}", edition.attribute(own()?, "county")?)),
            Self::SkrGroup => {
                Some(format!("skr-group:{}", edition.attribute(own()?, "skr_group_2023")?.to_lowercase()))
            }
            Self::Group(id) => Some(id.clone()),
            Self::Similar(_) | Self::Members(_) => None,
        };
        if let Some(group) = group {
            return Chosen::group(edition, instrument, year, &group);
        }
        let members = match self {
            Self::Members(ids) => Self::named(edition, participants, ids, year)?,
            Self::Similar(count) => edition
                .structure
                .nearest(own()?, &Self::of_sector(edition, participants, own()?)?, *count)
                .ok_or_else(|| PeersError::NoSuchPeers(organisation.unwrap_or_default().to_owned()))?,
            _ => Members::new(),
        };
        if members.len() < LEAST_PEERS {
            return Err(PeersError::TooFew { found: members.len() });
        }
        Chosen::set(edition, instrument, year, members)
    }

    /// Those of an organisation's own sector: structure variables are standardised within it, and sectors are not pooled unasked.
    fn of_sector(edition: &Edition, among: &Members, organisation: &str) -> Result<Members, PeersError> {
        let sector = edition.attribute(organisation, "sector")?;
        let is_alike = |id: &&Arc<str>| edition.attribute(id, "sector").is_ok_and(|own| own == sector);
        Ok(among.iter().filter(is_alike).cloned().collect())
    }

    fn block(edition: &Edition, instrument: &str, year: i64, organisation: &str) -> Result<String, PeersError> {
        let mut blocks = edition.membership.blocks(instrument, year);
        let own = blocks.find(|(_, members)| members.contains(organisation)).map(|(id, _)| id.to_string());
        own.ok_or_else(|| PeersError::NotParticipating { ids: vec![organisation.to_owned()], year })
    }

    fn named(edition: &Edition, participants: &Members, ids: &[String], year: i64) -> Result<Members, PeersError> {
        if let Some(unknown) = ids.iter().find(|id| !edition.knows(id)) {
            return Err(PeersError::UnknownOrganisation(unknown.clone()));
        }
        let absent: BTreeSet<&String> = ids.iter().filter(|id| !participants.contains(id.as_str())).collect();
        if absent.is_empty() {
            Ok(ids.iter().map(|id| Arc::from(id.as_str())).collect())
        } else {
            Err(PeersError::NotParticipating { ids: absent.into_iter().cloned().collect(), year })
        }
    }
}

impl Chosen {
    /// A published group, or the one that answers for it in a year in which it is not shown.
    fn group(edition: &Edition, instrument: &str, year: i64, asked: &str) -> Result<Self, PeersError> {
        let membership = &edition.membership;
        let unknown = || PeersError::UnknownGroup(asked.to_owned());
        let answering = if membership.members(instrument, year, asked).is_some() {
            Arc::from(asked)
        } else {
            let mut indicators = edition.indicators.iter().filter(|indicator| &*indicator.instrument == instrument);
            let figure = indicators.find_map(|indicator| edition.figure(instrument, &indicator.key, asked, year));
            figure.and_then(|figure| figure.answers_with.clone()).ok_or_else(unknown)?
        };
        let members = membership.members(instrument, year, &answering).ok_or_else(unknown)?.clone();
        let mixture = Mixture::of(membership, instrument, year, &members).ok_or_else(unknown)?;
        let answers_for = (&*answering != asked).then(|| Arc::from(asked));
        Ok(Self { group: Some(answering), answers_for, members, mixture })
    }

    /// A set of participants; where it is exactly a published group, that group, the finest of its kind first.
    fn set(edition: &Edition, instrument: &str, year: i64, members: Members) -> Result<Self, PeersError> {
        let membership = &edition.membership;
        let groups = membership.groups(instrument, year).into_iter().flatten();
        // a registered group may have the very members of another, which has a distribution
        let is_registered = |id: &str| edition.group(instrument, id).is_some_and(|own| &*own.kind == REGISTERED);
        let same = groups.filter(|(_, own)| **own == members).map(|(id, _)| id.clone());
        let group = same.min_by_key(|id| (is_registered(id), id.clone()));
        let mixture = Mixture::of(membership, instrument, year, &members)
            .ok_or_else(|| PeersError::NotParticipating { ids: Vec::new(), year })?;
        Ok(Self { group, answers_for: None, members, mixture })
    }
}

impl Edition {
    /// Whether the release's register has an organisation of this id.
    pub fn knows(&self, organisation: &str) -> bool {
        self.organisation_row(organisation).is_some()
    }

    /// The change from the year before of peers that are a published group.
    pub fn change_of(&self, [instrument, indicator]: [&str; 2], year: i64, peers: &Chosen) -> Option<Change> {
        let figure = self.figure(instrument, indicator, peers.group.as_deref()?, year)?;
        self.change(&figure)
    }

    /// The sector of an organisation, where there is such an organisation.
    pub fn sector_of(&self, organisation: &str) -> Option<Arc<str>> {
        self.attribute(organisation, "sector").ok()
    }

    fn organisation_row(&self, organisation: &str) -> Option<&Vec<Value>> {
        let grid = self.grid("organisations").ok()?;
        let at = grid.position("organisation")?;
        // rows are in the order of ids
        let text = |row: &Vec<Value>| if let Value::Text(text) = &row[at] { text.clone() } else { Arc::from("") };
        let place = grid.rows.binary_search_by(|row| (*text(row)).cmp(organisation)).ok()?;
        grid.rows.get(place)
    }

    fn attribute(&self, organisation: &str, column: &str) -> Result<Arc<str>, PeersError> {
        let none = || PeersError::NoSuchPeers(organisation.to_owned());
        let grid = self.grid("organisations").map_err(|_| none())?;
        let at = grid.position(column).ok_or_else(none)?;
        match self.organisation_row(organisation).map(|row| &row[at]) {
            Some(Value::Text(text)) => Ok(text.clone()),
            _ => Err(none()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read() {
        let check =
            |text: &str, expected: Result<Peers, PeersError>| assert_eq!(Peers::parse(text), expected, "{text}");
        check("block", Ok(Peers::Block));
        check("similar", Ok(Peers::Block));
        check("similar:12", Ok(Peers::Similar(12)));
        check("county", Ok(Peers::County));
        check("group:county:01", Ok(Peers::Group("county:01".to_owned())));
        check("members:a, b,,a", Ok(Peers::Members(vec!["a".to_owned(), "b".to_owned(), "a".to_owned()])));
        for bad in ["", "members:", "members:,", "similar:many", "similar:-1", "group:", "neighbours"] {
            check(bad, Err(PeersError::Unreadable));
        }
    }
}
