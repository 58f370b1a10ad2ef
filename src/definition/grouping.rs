//! A grouping: how organisations are brought together for comparison; the groups themselves are made in `disclosure::catalogue`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Problem, SourceFile};
use crate::model::{OrganisationId, Sector, Text, Year};

/// A grouping file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "grouping")]
pub struct Grouping {
    /// Identifier, equal to the file's name.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Sector that it divides; a registered group has none.
    pub sector: Option<Sector>,
    /// How it divides.
    pub rule: GroupingRule,
}

/// How a grouping divides its sector.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum GroupingRule {
    /// The similarity tree: named levels, then halving on structure variables. Its leaves are the blocks.
    Similarity {
        /// Classifications from coarse to fine (`skr-main-group`, `skr-group`), or `branch`.
        levels: Vec<String>,
        /// Version of the classifications.
        version: Option<String>,
        /// Year of the structure variables.
        year: Year,
        /// Variables to halve on.
        variables: Vec<Variable>,
    },
    /// Counties; one that is too small is merged with a neighbour.
    County,
    /// Bands of population size.
    Size {
        /// Year of the population, 31 December.
        year: Year,
        /// Bands from small to large.
        bands: Vec<SizeBand>,
    },
    /// A group that is listed by its members: a network, a project's participants. It divides nothing.
    Registered {
        /// Where the list comes from.
        source: Text,
        /// Whether the list is made up.
        #[serde(default)]
        synthetic: bool,
        /// First year of what the group is for, such as a project's; years before it are *before*.
        from: Option<Year>,
        /// Last year of it; years after it are *after*. Where there is none, years from the first on are.
        to: Option<Year>,
        /// Members, perhaps for some years only.
        members: Vec<RegisteredMember>,
    },
}

/// A member of a registered group.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisteredMember {
    /// Organisation.
    pub organisation: OrganisationId,
    /// First year of membership; from the beginning unless given.
    pub from: Option<Year>,
    /// Last year of membership; to this day unless given.
    pub to: Option<Year>,
}

impl RegisteredMember {
    /// Whether it is a member in a year.
    pub fn is_in(&self, year: Year) -> bool {
        self.from.is_none_or(|from| from <= year) && self.to.is_none_or(|to| year <= to)
    }
}

/// A structure variable of the similarity tree.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Column of `structure.csv`, or `employees`.
    pub name: String,
    /// What is done before standardising.
    #[serde(default)]
    pub transform: Transform,
}

/// What is done to a variable before it is standardised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Transform {
    /// Nothing.
    #[default]
    None,
    /// The natural logarithm, for sizes.
    Log,
}

/// A band of population size.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SizeBand {
    /// Key.
    pub key: String,
    /// Least population.
    pub from: u32,
    /// Name.
    pub name: Text,
}

pub(super) fn read(file: &SourceFile) -> Result<Grouping, Vec<Problem>> {
    let grouping: Grouping = file.parse()?;
    let mut problems = Vec::new();
    if !file.path.ends_with(&format!("/{}.toml", grouping.id)) {
        problems.push(Problem::in_file(&file.path, format!("has the id `{}`; name the file like it", grouping.id)));
    }
    match &grouping.rule {
        GroupingRule::Size { bands, .. } => {
            if bands.first().is_none_or(|band| band.from != 0) {
                problems.push(Problem::in_file(&file.path, "the first size band must start from 0"));
            }
            for pair in bands.windows(2) {
                if pair[1].from <= pair[0].from {
                    problems.push(Problem::in_file(
                        &file.path,
                        format!("size band `{}` must start above the one before", pair[1].key),
                    ));
                }
            }
        }
        GroupingRule::Similarity { levels, version, .. } => {
            if version.is_none() && levels.iter().any(|level| level != "branch") {
                problems.push(Problem::in_file(&file.path, "classifications need a `version`"));
            }
        }
        GroupingRule::County => {}
        GroupingRule::Registered { members, from, to, .. } => {
            if to.is_some_and(|to| from.is_none_or(|from| to < from)) {
                problems.push(Problem::in_file(&file.path, "`to` needs a `from` that does not lie after it"));
            }
            let mut seen = std::collections::BTreeSet::new();
            for member in members {
                if !seen.insert(&member.organisation) {
                    let message = format!("names `{}` twice", member.organisation);
                    problems.push(Problem::in_file(&file.path, message));
                }
                if member.from.zip(member.to).is_some_and(|(from, to)| to < from) {
                    let message = format!("`{}` leaves before it comes", member.organisation);
                    problems.push(Problem::in_file(&file.path, message));
                }
            }
        }
    }
    match (&grouping.rule, grouping.sector) {
        (GroupingRule::Registered { .. }, Some(_)) => {
            problems.push(Problem::in_file(
                &file.path,
                "a registered group has no `sector`; its members say where they are",
            ));
        }
        (GroupingRule::Registered { .. }, None) | (_, Some(_)) => {}
        (_, None) => problems.push(Problem::in_file(&file.path, "needs a `sector` to divide")),
    }
    if problems.is_empty() { Ok(grouping) } else { Err(problems) }
}

impl Grouping {
    /// Two ways of one kind to divide a sector would give two groups of one name, and distributions that overlap.
    pub(super) fn check<'a>(
        &self,
        file: &SourceFile,
        mut others: impl Iterator<Item = &'a Self>,
    ) -> Result<(), Vec<Problem>> {
        if matches!(self.rule, GroupingRule::Registered { .. }) {
            return Ok(());
        }
        let kind = std::mem::discriminant(&self.rule);
        let same = |other: &&Self| other.sector == self.sector && std::mem::discriminant(&other.rule) == kind;
        others.find(same).map_or(Ok(()), |other| {
            let message = format!("divides a sector in the way that `{}` does; keep one of the two", other.id);
            Err(vec![Problem::in_file(&file.path, message)])
        })
    }
}
