//! Which published groups are the blocks of a year: the smallest with a distribution, of which all other such groups are unions.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Group, Plan};
use crate::model::{OrganisationId, Year};

/// The blocks of each year with their members.
pub type BlockCells<'a> = BTreeMap<Year, Vec<(&'a Group, BTreeSet<&'a OrganisationId>)>>;

/// Finds the blocks of every year.
pub fn block_cells(plan: &Plan) -> BlockCells<'_> {
    let mut cells = BlockCells::new();
    for year in &plan.years {
        let mut shown: Vec<(&Group, BTreeSet<&OrganisationId>)> = plan
            .groups
            .iter()
            .filter(|group| group.histogram)
            .filter_map(|group| Some((group, group.members.get(year)?.iter().collect())))
            .collect();
        shown.sort_by(|a, b| a.1.len().cmp(&b.1.len()).then(a.0.id.cmp(&b.0.id)));
        let mut blocks: Vec<(&Group, BTreeSet<&OrganisationId>)> = Vec::new();
        let mut covered: HashSet<&OrganisationId> = HashSet::new();
        for (group, members) in shown {
            if members.iter().all(|member| !covered.contains(member)) {
                covered.extend(&members);
                blocks.push((group, members));
            }
        }
        cells.insert(*year, blocks);
    }
    cells
}
