//! Groups out of decided partitions: names, parents, members by year, and what answers where a group is not shown.

use std::collections::{BTreeMap, BTreeSet};

use super::{ALL, Group, frame::published, sector::DecidedSector};
use crate::{
    disclosure::catalogue::{AtomSet, Partition, PartitionKind, SectorCatalogue},
    model::{Digest, GroupId, OrganisationId, Text, Year},
};

/// A set of atoms with the words for it.
struct Labelled {
    id: GroupId,
    kind: String,
    name: Text,
    version: Option<String>,
    merged_from: Vec<GroupId>,
    atoms: AtomSet,
}

pub(super) fn of_sector(catalogue: &SectorCatalogue) -> Vec<Group> {
    catalogue.partitions.iter().flat_map(|partition| of_partition(catalogue, partition)).collect()
}

fn of_partition(catalogue: &SectorCatalogue, partition: &Partition) -> Vec<Group> {
    let labelled = label(catalogue, partition);
    let shown: BTreeMap<Year, BTreeSet<AtomSet>> =
        catalogue.participants.keys().map(|year| (*year, published(partition, *year))).collect();
    let answers: BTreeMap<Year, Above> = catalogue
        .participants
        .iter()
        .filter_map(|(year, present)| {
            let unions = partition.unions(*year)?;
            let own = labelled.iter().filter(|own| unions.contain(&own.atoms));
            Some((*year, Above::of(own, partition.atoms.len(), |own| partition.members(&own.atoms, present).len())))
        })
        .collect();
    let joined: BTreeSet<&GroupId> = labelled.iter().flat_map(|own| &own.merged_from).collect();
    let named = labelled.iter().filter(|own| own.merged_from.is_empty());
    let parents = Above::of(named, partition.atoms.len(), |own| own.atoms.len());
    let mut groups = Vec::new();
    for own in &labelled {
        let mut members: BTreeMap<Year, Vec<OrganisationId>> = BTreeMap::new();
        let mut answers_with = BTreeMap::new();
        for (year, present) in &catalogue.participants {
            let positions = partition.members(&own.atoms, present);
            if positions.is_empty() {
                continue;
            }
            if shown[year].contains(&own.atoms) {
                members.insert(*year, positions.iter().map(|&at| catalogue.organisations[at].clone()).collect());
            } else if let Some(answer) = answers.get(year).and_then(|shown| shown.holding(&own.atoms).next()) {
                answers_with.insert(*year, answer.id.clone());
            }
        }
        // a half that is never shown is a name that joined groups refer to, or nothing; nobody asks for its figures
        let never_shown = members.is_empty() && own.kind == "block";
        if never_shown && !joined.contains(&own.id) {
            continue;
        }
        if never_shown {
            answers_with.clear();
        }
        let larger = |other: &&Labelled| other.atoms.len() > own.atoms.len();
        let parent = parents.holding(&own.atoms).find(larger).map(|other| other.id.clone());
        let sector_group = GroupId::parse(&format!("sector:{}", catalogue.sector.word())).ok();
        groups.push(Group {
            id: own.id.clone(),
            kind: own.kind.clone(),
            sector: Some(catalogue.sector),
            name: own.name.clone(),
            version: own.version.clone(),
            parent: parent.or_else(|| sector_group.filter(|id| *id != own.id)),
            merged_from: own.merged_from.clone(),
            histogram: partition.kind == PartitionKind::Similarity,
            members,
            answers_with,
        });
    }
    groups
}

/// Finds the smallest sets that hold another.
struct Above<'a> {
    /// By atom the sets that have it, smaller ones first.
    with: Vec<Vec<&'a Labelled>>,
}

impl<'a> Above<'a> {
    fn of(sets: impl Iterator<Item = &'a Labelled>, atoms: usize, size: impl FnMut(&&'a Labelled) -> usize) -> Self {
        let mut sets: Vec<&Labelled> = sets.collect();
        sets.sort_by_cached_key(size);
        let mut with = vec![Vec::new(); atoms];
        for own in sets {
            for &atom in &own.atoms {
                with[atom].push(own);
            }
        }
        Self { with }
    }

    /// The sets that hold these atoms, smaller ones first.
    fn holding(&self, atoms: &AtomSet) -> impl Iterator<Item = &'a Labelled> {
        let of_one = atoms.first().map_or(&[][..], |&atom| &self.with[atom]);
        of_one.iter().copied().filter(move |other| atoms.is_subset(&other.atoms))
    }
}

/// By year the groups that are named, have participants and are not shown, with those participants.
pub(super) fn withheld(decided: &[DecidedSector]) -> BTreeMap<Year, Vec<(GroupId, BTreeSet<OrganisationId>)>> {
    let mut found: BTreeMap<Year, Vec<(GroupId, BTreeSet<OrganisationId>)>> = BTreeMap::new();
    for catalogue in decided.iter().map(|sector| &sector.catalogue) {
        for partition in &catalogue.partitions {
            let labelled = label(catalogue, partition);
            for (year, present) in &catalogue.participants {
                let shown = published(partition, *year);
                for own in labelled.iter().filter(|own| own.merged_from.is_empty() && !shown.contains(&own.atoms)) {
                    let members = partition.members(&own.atoms, present);
                    let members: BTreeSet<OrganisationId> =
                        members.iter().map(|&at| catalogue.organisations[at].clone()).collect();
                    if !members.is_empty() {
                        found.entry(*year).or_default().push((own.id.clone(), members));
                    }
                }
            }
        }
    }
    found
}

/// Every named set, and every cell of any year that has no name of its own.
fn label(catalogue: &SectorCatalogue, partition: &Partition) -> Vec<Labelled> {
    let mut labelled: Vec<Labelled> = partition
        .named
        .iter()
        .filter(|named| !named.atoms.is_empty())
        .filter_map(|named| {
            Some(Labelled {
                id: GroupId::parse(&format!("{}:{}", named.kind, named.key).to_lowercase()).ok()?,
                kind: named.kind.clone(),
                name: named.name.clone(),
                version: named.version.clone(),
                merged_from: Vec::new(),
                atoms: named.atoms.clone(),
            })
        })
        .collect();
    let mut with: Vec<Vec<usize>> = vec![Vec::new(); partition.atoms.len()];
    for (at, own) in labelled.iter().enumerate() {
        if let Some(&first) = own.atoms.first() {
            with[first].push(at);
        }
    }
    let mut known: BTreeSet<AtomSet> = labelled.iter().map(|own| own.atoms.clone()).collect();
    for cell in catalogue.years.iter().filter_map(|year| partition.cells.get(year)).flatten() {
        if known.contains(cell) {
            continue;
        }
        let mut left = cell.clone();
        let mut parts: Vec<usize> = Vec::new();
        // larger ones stand before their parts
        let mut within: Vec<usize> = cell.iter().flat_map(|&atom| with[atom].iter().copied()).collect();
        within.sort_unstable();
        for at in within {
            let named = &labelled[at].atoms;
            if named.is_subset(&left) {
                left = left.difference(named).copied().collect();
                parts.push(at);
            }
        }
        if let Some(joined) = join(partition.kind, &labelled, &parts, cell) {
            known.insert(joined.atoms.clone());
            labelled.push(joined);
        }
    }
    labelled
}

fn join(kind: PartitionKind, labelled: &[Labelled], parts: &[usize], cell: &AtomSet) -> Option<Labelled> {
    let kind = match kind {
        PartitionKind::Similarity => "block",
        PartitionKind::County => "county",
        PartitionKind::Size => "size",
    };
    let key_of = |at: &usize| labelled[*at].id.as_str().split_once(':').map_or("", |(_, key)| key);
    let mut key = parts.iter().map(key_of).collect::<Vec<_>>().join("+");
    if key.len() > 100 {
        key = format!("{}+{}", &key[..60].trim_end_matches('+'), Digest::of(key.as_bytes()).short());
    }
    let names = |pick: fn(&Text) -> &String| {
        parts.iter().map(|&at| pick(&labelled[at].name).clone()).collect::<Vec<_>>().join(" + ")
    };
    Some(Labelled {
        id: GroupId::parse(&format!("{kind}:{key}")).ok()?,
        kind: kind.to_owned(),
        name: Text::new(names(|text| &text.sv), names(|text| &text.en)),
        version: parts.first().and_then(|&at| labelled[at].version.clone()),
        merged_from: parts.iter().map(|&at| labelled[at].id.clone()).collect(),
        atoms: cell.clone(),
    })
}

/// All published sectors together.
pub(super) fn all_sectors(sectors: &[DecidedSector]) -> Option<Group> {
    let mut members: BTreeMap<Year, Vec<OrganisationId>> = BTreeMap::new();
    for sector in sectors {
        for (year, present) in &sector.catalogue.participants {
            let own = present.iter().map(|&at| sector.catalogue.organisations[at].clone());
            members.entry(*year).or_default().extend(own);
        }
    }
    for own in members.values_mut() {
        own.sort();
    }
    let id = GroupId::parse(ALL).ok()?;
    (!members.is_empty()).then(|| Group {
        id,
        kind: ALL.to_owned(),
        sector: None,
        name: Text::new("Offentlig sektor", "The public sector"),
        version: None,
        parent: None,
        merged_from: Vec::new(),
        histogram: true,
        members,
        answers_with: BTreeMap::new(),
    })
}

/// Matched panels: of each sector where the gate passed, and of those sectors together, which is a sum of what is shown.
pub(super) fn panels(sectors: &[DecidedSector]) -> BTreeMap<GroupId, BTreeMap<Year, Vec<OrganisationId>>> {
    let mut panels: BTreeMap<GroupId, BTreeMap<Year, Vec<OrganisationId>>> = BTreeMap::new();
    let mut all: BTreeMap<Year, Vec<OrganisationId>> = BTreeMap::new();
    for sector in sectors {
        let catalogue = &sector.catalogue;
        let Ok(id) = GroupId::parse(&format!("sector:{}", catalogue.sector.word())) else { continue };
        for (year, both) in &sector.panels {
            let own: Vec<OrganisationId> = both.iter().map(|&at| catalogue.organisations[at].clone()).collect();
            all.entry(*year).or_default().extend(own.iter().cloned());
            panels.entry(id.clone()).or_default().insert(*year, own);
        }
    }
    for own in all.values_mut() {
        own.sort();
    }
    if let Ok(id) = GroupId::parse(ALL) {
        panels.insert(id, all);
    }
    panels
}
