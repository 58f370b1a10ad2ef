//! Numbers of organisations: exact, wherever a group is shown.
//!
//! *Protects against*: nothing; who took part is public, and so is who is in which group.
//!
//! *Rule*: the number of members that count in the year.
//!
//! *Why it holds*: it is made of `group_members`, which is published beside it. Which groups are shown is the gates' decision, made
//! from the same memberships.
//!
//! *Cost*: none.

use crate::model::OrganisationId;

/// How many organisations stand behind a cell.
pub(in crate::disclosure) fn write(members: &[OrganisationId]) -> i64 {
    members.len() as i64
}
