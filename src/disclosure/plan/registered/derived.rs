//! Whether a further group would make the figure of a withheld one follow from those that are shown; what tells too much of an
//! organisation is asked of the gates.
//!
//! Means that are known exactly can be added and subtracted, so that a group's figure follows where its members, as a vector of
//! zeros and ones over organisations, lie in the span of the others'. Organisations that are in the same groups are one entry.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{GroupId, OrganisationId};

/// Lengths below which a vector is nothing but what rounding has left of it.
const NOTHING: f64 = 1e-6;

/// The first of the withheld groups whose figure would follow from the shown groups and a further one, and does not without it.
pub(super) fn follows<'a>(
    shown: &[&BTreeSet<&OrganisationId>],
    further: &BTreeSet<&OrganisationId>,
    withheld: &'a [(GroupId, BTreeSet<OrganisationId>)],
) -> Option<&'a GroupId> {
    // organisations with the same memberships are told apart by nothing that is published
    let everybody = shown.iter().flat_map(|own| own.iter().copied()).chain(further.iter().copied());
    let everybody: BTreeSet<&OrganisationId> =
        everybody.chain(withheld.iter().flat_map(|(_, own)| own.iter())).collect();
    let mut classes: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    for id in everybody {
        let open = shown.iter().map(|own| own.contains(&id)).chain([further.contains(&id)]);
        let memberships = open.chain(withheld.iter().map(|(_, own)| own.contains(id))).collect();
        let next = classes.len();
        classes.entry(memberships).or_insert(next);
    }
    let vector = |at: usize| -> Vec<f64> {
        let mut entries = vec![0.0; classes.len()];
        for (memberships, class) in &classes {
            entries[*class] = f64::from(memberships[at]);
        }
        entries
    };
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let extend = |basis: &mut Vec<Vec<f64>>, at: usize| {
        let rest = beyond(basis, vector(at));
        let length = norm(&rest);
        if length > NOTHING {
            basis.push(rest.into_iter().map(|entry| entry / length).collect());
        }
    };
    for at in 0..shown.len() {
        extend(&mut basis, at);
    }
    let lies_within = |basis: &[Vec<f64>], at: usize| norm(&beyond(basis, vector(at))) < NOTHING;
    let hidden: Vec<usize> = (0..withheld.len()).filter(|at| !lies_within(&basis, shown.len() + 1 + at)).collect();
    extend(&mut basis, shown.len());
    hidden.into_iter().find(|at| lies_within(&basis, shown.len() + 1 + at)).map(|at| &withheld[at].0)
}

/// What of a vector lies outside the span of orthonormal ones, taken off twice against rounding (Gram and Schmidt; Björck 1967).
fn beyond(basis: &[Vec<f64>], mut vector: Vec<f64>) -> Vec<f64> {
    for own in basis.iter().chain(basis) {
        let along: f64 = own.iter().zip(&vector).map(|(a, b)| a * b).sum();
        for (entry, direction) in vector.iter_mut().zip(own) {
            *entry -= along * direction;
        }
    }
    vector
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|entry| entry * entry).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(ids: std::ops::Range<usize>) -> BTreeSet<OrganisationId> {
        ids.map(|at| OrganisationId::parse(&format!("municipality-{at:04}")).unwrap()).collect()
    }

    #[test]
    fn a_part_tells_the_rest_of_the_whole() {
        let (whole, part) = (members(0..60), members(0..20));
        let id = |text: &str| GroupId::parse(text).unwrap();
        let withheld = vec![(id("county:01"), members(5..25)), (id("county:02"), members(20..60))];
        let (whole, part): (BTreeSet<_>, BTreeSet<_>) = (whole.iter().collect(), part.iter().collect());
        assert_eq!(follows(&[&whole], &part, &withheld), Some(&id("county:02")));
        assert_eq!(follows(&[&whole, &part], &part, &withheld), None, "it tells nothing that was not told before");
        assert_eq!(follows(&[&whole], &part, &withheld[..1]), None);
        let same = vec![(id("county:03"), members(0..20))];
        assert_eq!(follows(&[], &part, &same), Some(&id("county:03")), "the same under another name");
    }
}
