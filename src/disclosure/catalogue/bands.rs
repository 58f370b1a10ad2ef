//! The partition by population size; a band that is too small joins the band beside it.

use std::collections::BTreeMap;

use super::partition::{Cutter, Named, Nearness, Partition, PartitionKind};
use crate::{
    definition::SizeBand,
    model::{OrganisationId, Year},
    register::Register,
};

pub(super) fn partition(
    year: Year,
    bands: &[SizeBand],
    register: &Register,
    organisations: &[OrganisationId],
) -> Partition {
    let mut atoms = vec![Vec::new(); bands.len()];
    for (position, id) in organisations.iter().enumerate() {
        let population = register.variable("population", id, year).unwrap_or(0.0);
        let band = bands.iter().rposition(|band| population >= f64::from(band.from)).unwrap_or(0);
        atoms[band].push(position);
    }
    let named = bands
        .iter()
        .enumerate()
        .map(|(atom, band)| Named {
            kind: "size".to_owned(),
            key: band.key.clone(),
            name: band.name.clone(),
            version: Some(year.to_string()),
            atoms: [atom].into(),
        })
        .collect();
    let apart = |a: usize| (0..bands.len()).map(|b| (a.abs_diff(b), 0.0)).collect();
    let nearness = Nearness::Pairs((0..bands.len()).map(apart).collect());
    Partition { kind: PartitionKind::Size, atoms, named, cells: BTreeMap::new(), cutter: Cutter::Merge, nearness }
}
