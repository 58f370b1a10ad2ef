//! One year of a publisher's own two-way table: its rows, its cells as contributors make them, and which of them carry dots; what a
//! reader knows besides, and why that is all, stands in `cross`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Contribution, CrossAudit, CrossCell};
use crate::{
    definition::{CrossTable, Policy},
    disclosure::{
        plan::{Group, Plan},
        rule::respondents,
        suppress::{Basis, Cell, FixedTable, Pattern, SuppressError, Thresholds, Totals, Zeros, suppress, two_way},
    },
    model::{GroupId, OrganisationId, Status, Text, Year},
};

/// The rows are groups of which numbers of respondents are shown, and whoever is in none of them.
pub(super) struct OfYear<'a> {
    whole: &'a Group,
    year: Year,
    counted: &'a BTreeMap<OrganisationId, Contribution>,
    groups: Vec<(Option<GroupId>, Vec<&'a OrganisationId>)>,
    /// Columns with their names; the last may be all others.
    columns: Vec<(String, Text)>,
    /// Whether the sector's own number of respondents is shown.
    is_shown: bool,
}

/// What everybody is credited with knowing of an organisation's contribution: that it is enough to count, if it is.
fn floor(contribution: i64, policy: &Policy) -> i64 {
    let least = i64::from(policy.min_respondents_role);
    if contribution >= least { least } else { 0 }
}

impl<'a> OfYear<'a> {
    pub(super) fn of(
        definition: &CrossTable,
        plan: &'a Plan,
        whole: &'a Group,
        year: Year,
        of_year: &'a BTreeMap<OrganisationId, Contribution>,
        policy: &Policy,
    ) -> Self {
        let total = |id: &OrganisationId| of_year.get(id).map(|own| own.values().sum::<i64>() as u32);
        // of organisations in other sectors nothing is known here, so that groups with them are not shown
        let shown = respondents::of_groups(plan, year, total, policy);
        let is_shown = |group: &Group| shown.get(&group.id).copied().flatten().is_some();
        let wanted = |group: &&Group| {
            group.kind == *definition.rows.get_ref() && group.sector == whole.sector && is_shown(group)
        };
        let mut groups: Vec<(&Group, &Vec<OrganisationId>)> =
            plan.groups.iter().filter(wanted).filter_map(|group| Some((group, group.members.get(&year)?))).collect();
        // where one group is part of another, the smaller ones are the rows
        groups.sort_by_key(|(group, members)| (members.len(), &group.id));
        let mut taken: BTreeSet<&OrganisationId> = BTreeSet::new();
        let mut rows: Vec<(Option<GroupId>, Vec<&OrganisationId>)> = Vec::new();
        for (group, members) in groups {
            if members.iter().all(|id| !taken.contains(id)) {
                taken.extend(members);
                rows.push((Some(group.id.clone()), members.iter().collect()));
            }
        }
        rows.sort_by(|(one, _), (other, _)| one.cmp(other));
        let all = whole.members.get(&year).map_or(&[][..], Vec::as_slice);
        let rest: Vec<&OrganisationId> = all.iter().filter(|id| !taken.contains(id)).collect();
        if !rest.is_empty() {
            rows.push((None, rest));
        }
        let named = definition.columns.get_ref().iter().map(|column| (column.key.clone(), column.name.clone()));
        let mut columns: Vec<(String, Text)> = named.collect();
        if all.iter().filter_map(|id| of_year.get(id)).any(|own| own.contains_key(CrossTable::OTHER)) {
            columns.push((CrossTable::OTHER.to_owned(), Text::new("Övriga", "Others")));
        }
        Self { whole, year, counted: of_year, groups: rows, columns, is_shown: is_shown(whole) }
    }

    /// What an organisation contributes to a column.
    fn contribution(&self, id: &OrganisationId, column: &str) -> i64 {
        self.counted.get(id).and_then(|own| own.get(column)).copied().unwrap_or_default()
    }

    fn cell(&self, members: &[&OrganisationId], column: &str, policy: &Policy) -> Cell {
        let mut own: Vec<i64> = members.iter().map(|id| self.contribution(id, column)).filter(|own| *own > 0).collect();
        own.sort_unstable_by(|a, b| b.cmp(a));
        let at = |place: usize| own.get(place).copied().unwrap_or_default();
        Cell {
            value: own.iter().sum(),
            contributors: own.len() as u32,
            largest: [at(0), at(1)],
            least: own.iter().map(|own| floor(*own, policy)).sum(),
            can_be_hidden: true,
        }
    }

    /// Cells row by row, then rows' totals, columns' totals, and the total of all.
    fn fixed(&self, policy: &Policy) -> Result<FixedTable, SuppressError> {
        let inner: Vec<Cell> = self
            .groups
            .iter()
            .flat_map(|(_, members)| self.columns.iter().map(|(column, _)| self.cell(members, column, policy)))
            .collect();
        let mut table = two_way(self.groups.len(), self.columns.len(), &inner, Totals::MayBeHidden)?;
        let rows = inner.len()..inner.len() + self.groups.len();
        let last = table.cells.len() - 1;
        for at in rows.chain([last]) {
            // figures tell them, after their own rule
            let cell = &mut table.cells[at];
            *cell = Cell { contributors: u32::MAX, largest: [0, 0], can_be_hidden: false, ..*cell };
        }
        // an organisation stands in several cells of its row, and knows what it brings to each
        for (row, (_, members)) in self.groups.iter().enumerate() {
            for id in members {
                let own = self.columns.iter().enumerate().filter_map(|(column, (key, _))| {
                    let brought = self.contribution(id, key);
                    let at = row * self.columns.len() + column;
                    let others = table.cells[at].least - floor(brought, policy);
                    (brought > 0).then_some((at, others + brought))
                });
                let own: Vec<(usize, i64)> = own.collect();
                table.brought.push(own);
            }
        }
        Ok(table)
    }

    /// An error with the row and column that it is about.
    fn told(&self, cause: &SuppressError) -> String {
        let (columns, inside) = (self.columns.len(), self.groups.len() * self.columns.len());
        let row =
            |at: usize| self.groups.get(at).and_then(|(group, _)| group.as_ref()).map_or("the rest", GroupId::as_str);
        let column = |at: usize| self.columns.get(at).map_or(CrossTable::ALL, |(key, _)| key.as_str());
        let place = cause.cell().map(|cell| {
            if cell < inside {
                format!("{}, {}: ", row(cell / columns), column(cell % columns))
            } else {
                format!("{}: ", column(cell.saturating_sub(inside + self.groups.len())))
            }
        });
        format!("{}{cause}", place.unwrap_or_default())
    }

    pub(super) fn decide(
        &self,
        definition: &CrossTable,
        provisional: bool,
        policy: &Policy,
    ) -> (Vec<CrossCell>, CrossAudit) {
        let thresholds = Thresholds {
            min_contributors: policy.min_organisations_cell,
            min_value: i64::from(policy.min_respondents_cell),
            zeros: Zeros::MayBeKnown,
            basis: Basis::Values { percent: policy.dominance_percent },
        };
        let decided = self.fixed(policy).and_then(|table| Ok((suppress(&table, &thresholds)?, table)));
        let small = |(_, members): &(_, Vec<&OrganisationId>)| {
            let of_all = self.columns.iter().map(|(column, _)| self.cell(members, column, policy).value).sum::<i64>();
            of_all < i64::from(policy.min_respondents_cell)
        };
        let is_shown = self.is_shown && !self.groups.iter().any(small);
        let few = "the number of respondents of the sector, or of those in no shown group, is too small to be shown";
        let (pattern, table, refused) = match decided {
            Ok((pattern, table)) if is_shown => (Some(pattern), Some(table), None),
            Ok((_, table)) => (None, Some(table), Some(few.to_owned())),
            Err(cause) => (None, self.fixed(policy).ok(), Some(self.told(&cause))),
        };
        let (rows, columns) = (self.groups.len(), self.columns.len());
        let inside = rows * columns;
        let mut audit = CrossAudit {
            table: definition.id.clone(),
            year: self.year,
            cells: inside + rows + columns + 1,
            sensitive: Vec::new(),
            hidden: Vec::new(),
            refused,
            repeated: false,
        };
        let mut cells = Vec::new();
        let total = (CrossTable::ALL.to_owned(), Text::new("Alla", "All"));
        for row in 0..=rows {
            for column in 0..=columns {
                let at = match (row < rows, column < columns) {
                    (true, true) => row * columns + column,
                    (true, false) => inside + row,
                    (false, true) => inside + rows + column,
                    (false, false) => inside + rows + columns,
                };
                let group = self.groups.get(row).map_or(Some(&self.whole.id), |(group, _)| group.as_ref()).cloned();
                let (key, name) = self.columns.get(column).unwrap_or(&total).clone();
                let is_total = column == columns;
                let hidden = match &pattern {
                    Some(Pattern { hidden, primary }) => {
                        if primary[at].is_some() {
                            audit.sensitive.push((group.clone(), key.clone()));
                        }
                        hidden[at]
                    }
                    None => !(is_total && is_shown),
                };
                if hidden {
                    audit.hidden.push((group.clone(), key.clone()));
                }
                let value = table.as_ref().and_then(|table| table.cells.get(at)).filter(|_| !hidden);
                cells.push(CrossCell {
                    table: definition.id.clone(),
                    title: definition.title.clone(),
                    year: self.year,
                    group,
                    category: key,
                    name,
                    status: match (value, provisional) {
                        (None, _) => Status::Withheld,
                        (Some(_), true) => Status::Provisional,
                        (Some(_), false) => Status::Ok,
                    },
                    respondents: value.map(|cell| i64::from(respondents::rounded(cell.value as u32))),
                });
            }
        }
        (cells, audit)
    }
}
