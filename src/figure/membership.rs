//! Who is in which published group in which year, which groups are blocks, and how they are distributed; nothing is computed here.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, OnceLock},
};

use super::{edition::rows, published::PublishedRows};
use crate::{
    disclosure::Wanted,
    encode::{Grid, Value},
    table::TableError,
};

/// Organisations by id.
pub type Members = BTreeSet<Arc<str>>;

/// Instrument and year.
type RoundKey = (Arc<str>, i64);

/// Who is in which group in one year.
#[derive(Debug, Default)]
struct Round {
    groups: BTreeMap<Arc<str>, Members>,
    /// The smallest groups with a distribution; all others are unions of them.
    blocks: Vec<Arc<str>>,
}

/// The memberships of a release; those of a year are read when they are asked for first.
#[derive(Debug)]
pub struct Membership {
    members: Arc<PublishedRows>,
    histograms: Arc<PublishedRows>,
    rounds: BTreeMap<RoundKey, OnceLock<Round>>,
    with_distribution: BTreeSet<(Arc<str>, Arc<str>)>,
}

impl Membership {
    /// Opens the tables `group_members`, `groups` and `blocks`.
    pub(super) fn open(
        members: Arc<PublishedRows>,
        groups: &Grid,
        histograms: Arc<PublishedRows>,
    ) -> Result<Self, TableError> {
        let years = members.distinct(&["instrument", "year"])?;
        let rounds = rows(&years).map(|row| (row.text("instrument"), row.number("year").unwrap_or_default()));
        let with_distribution = rows(groups)
            .filter(|row| row.flag("histogram"))
            .map(|row| (row.text("instrument"), row.text("group_id")))
            .collect();
        Ok(Self { rounds: rounds.map(|key| (key, OnceLock::new())).collect(), members, histograms, with_distribution })
    }

    fn round(&self, instrument: &str, year: i64) -> Option<&Round> {
        let own = self.rounds.get(&(Arc::from(instrument), year))?;
        Some(own.get_or_init(|| self.members.checked(self.read(instrument, year)).unwrap_or_default()))
    }

    fn read(&self, instrument: &str, year: i64) -> Result<Round, TableError> {
        let wanted = [("instrument", Wanted::Text(instrument)), ("year", Wanted::Whole(year))];
        let table = self.members.published().select(&wanted)?;
        let [group_ids, organisations] = ["group_id", "organisation"].map(|column| table.get().text(column));
        // every organisation is in several groups
        let mut known: HashMap<&str, Arc<str>> = HashMap::new();
        let mut listed: BTreeMap<&str, Vec<Arc<str>>> = BTreeMap::new();
        let (group_ids, organisations) = (group_ids?, organisations?);
        for (group, organisation) in group_ids.iter().flatten().zip(organisations.iter().flatten()) {
            let organisation = known.entry(organisation).or_insert_with(|| Arc::from(organisation));
            listed.entry(group).or_default().push(Arc::clone(organisation));
        }
        let groups: BTreeMap<Arc<str>, Members> =
            listed.into_iter().map(|(group, members)| (Arc::from(group), members.into_iter().collect())).collect();
        let instrument: Arc<str> = Arc::from(instrument);
        let mut smallest: Vec<(&Arc<str>, &Members)> = groups
            .iter()
            .filter(|(id, _)| self.with_distribution.contains(&(Arc::clone(&instrument), Arc::clone(id))))
            .collect();
        smallest.sort_by(|a, b| a.1.len().cmp(&b.1.len()).then(a.0.cmp(b.0)));
        let (mut blocks, mut taken) = (Vec::new(), HashSet::new());
        for (id, own) in smallest {
            if own.iter().all(|member| !taken.contains(member)) {
                taken.extend(own.iter());
                blocks.push(Arc::clone(id));
            }
        }
        Ok(Round { groups, blocks })
    }

    /// Every published group of an instrument in a year.
    pub fn groups(&self, instrument: &str, year: i64) -> Option<&BTreeMap<Arc<str>, Members>> {
        Some(&self.round(instrument, year)?.groups)
    }

    /// Years in which an instrument is published, ascending.
    pub fn years(&self, instrument: &str) -> Vec<i64> {
        self.rounds.keys().filter(|round| &*round.0 == instrument).map(|round| round.1).collect()
    }

    /// The members of a group in a year in which it is published.
    pub fn members(&self, instrument: &str, year: i64, group: &str) -> Option<&Members> {
        self.groups(instrument, year)?.get(group)
    }

    /// The blocks of a year with their members, the smallest first.
    pub fn blocks(&self, instrument: &str, year: i64) -> impl Iterator<Item = (&Arc<str>, &Members)> {
        let round = self.round(instrument, year);
        round.into_iter().flat_map(|round| round.blocks.iter().filter_map(|id| round.groups.get_key_value(id)))
    }

    /// Number of organisations in each class of a group's histogram, where it is published.
    pub fn histogram(&self, instrument: &str, indicator: &str, group: &str, year: i64) -> Option<Vec<i64>> {
        let [year_at, count_at] = ["year", "organisations"].map(|column| self.histograms.position(column));
        let (year_at, count_at) = (year_at?, count_at?);
        // classes are written from the lowest up, empty ones too
        let places = self.histograms.places(instrument, indicator, group).into_iter();
        let counts: Vec<i64> = places
            .filter_map(|place| self.histograms.row(place))
            .filter(|row| row[year_at] == Value::Whole(year))
            .map(|row| if let Value::Whole(count) = row[count_at] { count } else { 0 })
            .collect();
        (!counts.is_empty()).then_some(counts)
    }
}
