//! Why a registered group is not shown, in words for the publisher; whether it is, is decided in `registered`.

use serde::Serialize;

use crate::model::{GroupId, OrganisationId, Year};

/// Why a registered group is not shown in a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// Members that are in no register.
    UnknownMembers {
        /// Their ids.
        ids: Vec<String>,
    },
    /// Fewer participating members than the policy asks for.
    TooFew {
        /// Participating members.
        organisations: usize,
        /// Least number.
        least: usize,
    },
    /// It differs from another published group by few organisations.
    SmallDifference {
        /// The other group.
        group: GroupId,
        /// Organisations in one and not in the other.
        organisations: usize,
        /// Least number.
        least: usize,
    },
    /// The gate within a year fails.
    Within {
        /// The organisation that would be told most of.
        worst: OrganisationId,
        /// Its effective anonymity.
        k_eff: f64,
        /// Least effective anonymity.
        least: f64,
        /// Without these members the group would pass; empty where that was not found.
        passes_without: Vec<OrganisationId>,
    },
    /// The figure of a group that is withheld would follow from it and what is shown.
    Derived {
        /// The withheld group.
        group: GroupId,
    },
    /// The gate over years and editions fails.
    Years {
        /// The organisation that would be told most of.
        worst: OrganisationId,
        /// Its effective anonymity.
        k_eff: f64,
        /// Least effective anonymity.
        least: f64,
    },
}

/// A registered group that is not shown in a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refused {
    /// The group.
    pub group: GroupId,
    /// The year; none where no year can be shown.
    pub year: Option<Year>,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.group)?;
        if let Some(year) = self.year {
            write!(f, " {year}")?;
        }
        match &self.reason {
            Reason::UnknownMembers { ids } => {
                write!(f, ": {} are in no register; correct the ids in its grouping file", ids.join(", "))
            }
            Reason::TooFew { organisations, least } => write!(
                f,
                ": {organisations} members take part, and it takes {least}; {} more would do",
                least - organisations
            ),
            Reason::SmallDifference { group, organisations, least } => write!(
                f,
                ": differs from {group} by {organisations} organisations; make it the same, or let it differ by {least} or more"
            ),
            Reason::Within { worst, k_eff, least, passes_without } => {
                write!(f, ": would leave {worst} an effective anonymity of {k_eff:.2}, and {least} is the least; ")?;
                if passes_without.is_empty() {
                    f.write_str("larger blocks (min_block) or a group made of whole blocks would pass")
                } else {
                    let ids: Vec<&str> = passes_without.iter().map(OrganisationId::as_str).collect();
                    write!(f, "without {} it would pass", ids.join(", "))
                }
            }
            Reason::Derived { group } => write!(
                f,
                ": with what is shown it would tell the figure of {group}, which is withheld in that year; another membership would pass"
            ),
            Reason::Years { worst, k_eff, least } => write!(
                f,
                ": together with other years and editions it would leave {worst} an effective anonymity of {k_eff:.2}, and {least} is the least; a membership that stays the same over the years would pass"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_would_help() {
        let group = GroupId::parse("registered:network").unwrap();
        let refused = Refused {
            group: group.clone(),
            year: Year::try_from(2020).ok(),
            reason: Reason::TooFew { organisations: 7, least: 12 },
        };
        assert_eq!(
            refused.to_string(),
            "registered:network 2020: 7 members take part, and it takes 12; 5 more would do"
        );
    }
}
