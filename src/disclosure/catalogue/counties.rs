//! The partition by county; neighbours come from a published adjacency list.

use std::collections::BTreeMap;

use super::partition::{Cutter, Named, Nearness, Partition, PartitionKind};
use crate::{model::OrganisationId, register::Register};

pub(super) fn partition(register: &Register, organisations: &[OrganisationId]) -> Partition {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, id) in organisations.iter().enumerate() {
        let county = register.organisations.get(id).and_then(|organisation| organisation.county.as_deref());
        members.entry(county.unwrap_or("unknown")).or_default().push(position);
    }
    let codes: Vec<&str> = members.keys().copied().collect();
    let named = codes
        .iter()
        .enumerate()
        .filter_map(|(atom, &code)| {
            let county = register.counties.get(code)?;
            Some(Named {
                kind: "county".to_owned(),
                key: code.to_owned(),
                name: county.name.clone(),
                version: None,
                atoms: [atom].into(),
            })
        })
        .collect();
    // neighbours are one level nearer than others, the longest border first
    let nearness = codes
        .iter()
        .map(|a| {
            codes
                .iter()
                .map(|b| match register.counties.get(*a).and_then(|county| county.neighbours.get(*b)) {
                    Some(&border_km) => (0, -f64::from(border_km)),
                    None => (1, 0.0),
                })
                .collect()
        })
        .collect();
    Partition {
        kind: PartitionKind::County,
        atoms: members.into_values().collect(),
        named,
        cells: BTreeMap::new(),
        cutter: Cutter::Merge,
        nearness: Nearness::Pairs(nearness),
    }
}
