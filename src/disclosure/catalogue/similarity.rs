//! The similarity tree: named levels from the register, then halves on standardised structure variables.
//!
//! The tree is made of every organisation of the sector, taking part or not, so that it is public and stays the same as
//! organisations come and go; participation decides how deep it is cut, and whether a part is divided by two or by three.

use std::collections::BTreeMap;

use super::{
    partition::{Cutter, Named, Nearness, Partition, PartitionKind},
    tree::{Tree, TreeNode},
};
use crate::{
    definition::{Transform, Variable},
    model::{OrganisationId, Sector, Text, Year},
    register::Register,
};

/// No block can be smaller than the compiled floor, so parts below twice its size are not halved.
const LEAST_HALVED: usize = 20;

/// How many participants a block usually has to have.
const USUAL_BLOCK: usize = 14;

struct Builder<'a> {
    sector: Sector,
    levels: &'a [String],
    version: Option<&'a str>,
    variables: &'a [Variable],
    register: &'a Register,
    organisations: &'a [OrganisationId],
    /// Whether each organisation takes part, by year.
    present: Vec<Vec<bool>>,
    /// Standardised variables per organisation; a missing one counts as average.
    standardised: Vec<Vec<f64>>,
    tree: Tree,
    named: Vec<Named>,
    atoms: Vec<Vec<usize>>,
}

#[expect(clippy::too_many_arguments, reason = "the rule of a grouping, field by field, and what it is applied to")]
pub(super) fn partition(
    sector: Sector,
    levels: &[String],
    version: Option<&str>,
    year: Year,
    variables: &[Variable],
    register: &Register,
    organisations: &[OrganisationId],
    participants: &BTreeMap<Year, Vec<usize>>,
) -> Partition {
    let mut builder = Builder {
        sector,
        levels,
        version,
        variables,
        register,
        organisations,
        present: participants
            .values()
            .map(|own| (0..organisations.len()).map(|at| own.binary_search(&at).is_ok()).collect())
            .collect(),
        standardised: standardise(year, variables, register, organisations),
        tree: Tree::default(),
        named: Vec::new(),
        atoms: Vec::new(),
    };
    let whole = Named {
        kind: "sector".to_owned(),
        key: sector.word().to_owned(),
        name: sector.name(),
        version: None,
        atoms: [].into(),
    };
    builder.add_level(whole, (0..organisations.len()).collect(), 0);
    let nearness = builder.nearness();
    Partition {
        kind: PartitionKind::Similarity,
        atoms: builder.atoms,
        named: builder.named,
        cells: BTreeMap::new(),
        cutter: Cutter::Tree(builder.tree),
        nearness,
    }
}

/// Structure variables in standard deviations from their mean over the sector, by organisation; a missing one counts as average.
pub(in crate::disclosure) fn standardise(
    year: Year,
    variables: &[Variable],
    register: &Register,
    organisations: &[OrganisationId],
) -> Vec<Vec<f64>> {
    let columns: Vec<Vec<f64>> = variables
        .iter()
        .map(|variable| {
            let raw: Vec<Option<f64>> = organisations
                .iter()
                .map(|id| {
                    let value = register.variable(&variable.name, id, year)?;
                    Some(if variable.transform == Transform::Log { value.max(1e-9).ln() } else { value })
                })
                .collect();
            let known: Vec<f64> = raw.iter().flatten().copied().collect();
            let count = known.len().max(1) as f64;
            let mean = known.iter().sum::<f64>() / count;
            let sd = (known.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt().max(1e-9);
            raw.into_iter().map(|value| value.map_or(0.0, |value| (value - mean) / sd)).collect()
        })
        .collect();
    (0..organisations.len()).map(|at| columns.iter().map(|column| column[at]).collect()).collect()
}

impl Builder<'_> {
    /// Adds a node and everything below it; returns its position in the tree.
    fn add_level(&mut self, mut named: Named, members: Vec<usize>, depth: usize) -> usize {
        let node = self.tree.nodes.len();
        self.tree.nodes.push(TreeNode::default());
        let place = self.named.len();
        self.named.push(named.clone());
        let children = match self.levels.get(depth) {
            Some(level) => self.classes(level, &members),
            None => Vec::new(),
        };
        if !children.is_empty() {
            for (child, members) in children {
                let child = self.add_level(child, members, depth + 1);
                self.tree.nodes[node].children.push(child);
            }
        } else if members.len() >= LEAST_HALVED {
            for (child, part) in self.parts(&named, members) {
                let child = self.add_level(child, part, self.levels.len());
                self.tree.nodes[node].children.push(child);
            }
        } else {
            self.tree.nodes[node].atoms = [self.atoms.len()].into();
            self.atoms.push(members);
        }
        let below: Vec<usize> = self.tree.nodes[node].children.clone();
        for child in below {
            let atoms = self.tree.nodes[child].atoms.clone();
            self.tree.nodes[node].atoms.extend(atoms);
        }
        named.atoms.clone_from(&self.tree.nodes[node].atoms);
        self.named[place] = named;
        node
    }

    /// The classes of a level among the members, each with its own; none where no member has one.
    fn classes(&self, level: &str, members: &[usize]) -> Vec<(Named, Vec<usize>)> {
        let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let version = self.version.unwrap_or_default();
        for &member in members {
            let id = &self.organisations[member];
            let class = if level == "branch" {
                self.register.organisations.get(id).and_then(|organisation| organisation.branch.clone())
            } else {
                self.class_of(level, version, id)
            };
            found.entry(class.unwrap_or_default()).or_default().push(member);
        }
        if found.len() < 2 {
            return Vec::new();
        }
        found
            .into_iter()
            .map(|(class, members)| {
                let name = if class.is_empty() {
                    Text::new("Övriga", "Others")
                } else if level == "branch" {
                    Text::new(class.clone(), class.clone())
                } else {
                    self.class_name(level, version, &class)
                };
                let key = if class.is_empty() { "other".to_owned() } else { key(&class) };
                let key = if level == "branch" { format!("{}.{key}", self.sector.word()) } else { key };
                let version = (level != "branch").then(|| version.to_owned());
                (Named { kind: level.to_owned(), key, name, version, atoms: [].into() }, members)
            })
            .collect()
    }

    /// A coarser classification is reached through the finer ones' parents where it has no members of its own.
    fn class_of(&self, level: &str, version: &str, id: &OrganisationId) -> Option<String> {
        let direct = self.register.classifications.get(&(level.to_owned(), version.to_owned()));
        if let Some(class) = direct.and_then(|classification| classification.members.get(id)) {
            return Some(class.clone());
        }
        self.levels.iter().find_map(|finer| {
            let classification = self.register.classifications.get(&(finer.clone(), version.to_owned()))?;
            let class = classification.members.get(id)?;
            let parent = classification.classes.iter().find(|known| known.code == *class)?.parent.clone()?;
            direct?.classes.iter().any(|known| known.code == parent).then_some(parent)
        })
    }

    fn class_name(&self, level: &str, version: &str, code: &str) -> Text {
        self.register
            .classifications
            .get(&(level.to_owned(), version.to_owned()))
            .and_then(|classification| classification.classes.iter().find(|class| class.code == code))
            .map_or_else(|| Text::new(code, code), |class| class.name.clone())
    }

    /// Halves of equal size, on the variable in which the members differ most; by id where there is none. Thirds where each has
    /// enough participants for a block in every year and quarters have not, so that no more is joined than has to be.
    fn parts(&self, parent: &Named, mut members: Vec<usize>) -> Vec<(Named, Vec<usize>)> {
        let spread = |variable: usize| {
            let values: Vec<f64> = members.iter().map(|&member| self.standardised[member][variable]).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
        };
        let widest = (0..self.variables.len()).rev().max_by(|&a, &b| spread(a).total_cmp(&spread(b)));
        if let Some(widest) = widest {
            members.sort_by(|&a, &b| {
                self.standardised[a][widest].total_cmp(&self.standardised[b][widest]).then(a.cmp(&b))
            });
        }
        let count = if self.carries(&members, 3) && !self.carries(&members, 4) { 3 } else { 2 };
        let label = |part: usize| match widest.map(|at| self.variables[at].name.as_str()) {
            Some(variable) => part_name(variable, part, count),
            None => Text::new(format!("del {part} av {count}"), format!("part {part} of {count}")),
        };
        let key = |part: usize| match parent.kind.as_str() {
            "block" => format!("{}{part}", parent.key),
            _ => format!("{}-{part}", parent.key),
        };
        cut_evenly(&members, count)
            .into_iter()
            .enumerate()
            .map(|(at, own)| {
                let label = label(at + 1);
                let named = Named {
                    kind: "block".to_owned(),
                    key: key(at + 1),
                    name: Text::new(
                        format!("{}, {}", parent.name.sv, label.sv),
                        format!("{}, {}", parent.name.en, label.en),
                    ),
                    version: None,
                    atoms: [].into(),
                };
                (named, own.to_vec())
            })
            .collect()
    }

    /// Whether so many parts of equal size would each have enough participants for a block in every year. It goes by a fixed
    /// number and not by the policy's, so that the tree is the same whatever the policy asks for.
    fn carries(&self, members: &[usize], parts: usize) -> bool {
        cut_evenly(members, parts).into_iter().all(|part| {
            let taking_part = |year: &Vec<bool>| part.iter().filter(|&&member| year[member]).count();
            !self.present.is_empty() && self.present.iter().all(|year| taking_part(year) >= USUAL_BLOCK)
        })
    }

    /// Levels apart first, then the distance of centres.
    fn nearness(&self) -> Nearness {
        let centres: Vec<Vec<f64>> = self
            .atoms
            .iter()
            .map(|members| {
                let count = members.len().max(1) as f64;
                (0..self.variables.len())
                    .map(|variable| members.iter().map(|&m| self.standardised[m][variable]).sum::<f64>() / count)
                    .collect()
            })
            .collect();
        let paths = self.tree.paths(self.atoms.len());
        Nearness::Tree { longest: paths.iter().map(Vec::len).max().unwrap_or(0), paths, centres }
    }
}

/// A class code or branch as part of a group id.
fn key(class: &str) -> String {
    let folded: String = class
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'å' | 'ä' => 'a',
            'ö' => 'o',
            'a'..='z' | '0'..='9' => c,
            _ => '-',
        })
        .collect();
    let parts: Vec<&str> = folded.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-").chars().take(40).collect()
}

fn part_name(variable: &str, part: usize, count: usize) -> Text {
    let (sv, en) = match variable {
        "population" => ("folkmängd", "population"),
        "density_per_km2" => ("täthet", "density"),
        "share_0_19" => ("andel unga", "share of young people"),
        "share_75plus" => ("andel äldre", "share of old people"),
        "share_tertiary" => ("andel högutbildade", "share with higher education"),
        "tax_base_sek" => ("skattekraft", "tax base"),
        "employees" => ("antal anställda", "number of employees"),
        other => (other, other),
    };
    match (part, count) {
        (1, _) => Text::new(format!("lägre {sv}"), format!("lower {en}")),
        (part, count) if part == count => Text::new(format!("högre {sv}"), format!("higher {en}")),
        _ => Text::new(format!("medelhög {sv}"), format!("middle {en}")),
    }
}

/// Neighbouring parts of equal size, the first ones smaller by one where it does not come out even.
fn cut_evenly(members: &[usize], parts: usize) -> Vec<&[usize]> {
    (0..parts).map(|at| &members[at * members.len() / parts..(at + 1) * members.len() / parts]).collect()
}
