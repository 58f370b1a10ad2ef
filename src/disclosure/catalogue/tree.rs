//! The similarity tree's shape, and how it is cut into blocks; what its nodes stand for is `similarity`'s.

use std::collections::BTreeSet;

use super::partition::{AtomSet, Nearness};

/// A node: an inner one has children, a leaf has an atom.
#[derive(Debug, Clone, Default)]
pub(super) struct TreeNode {
    pub(super) children: Vec<usize>,
    pub(super) atoms: AtomSet,
}

/// Nodes, the root first.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<TreeNode>,
}

/// Children that stay together: one that is divided further, and sets that go as a whole to the nearest of its parts.
struct Bundle {
    primary: usize,
    whole: Vec<AtomSet>,
    count: usize,
}

impl Tree {
    /// Cells of at least `least` participants: a node is divided while its parts are large enough; a part that is too small
    /// joins its nearest sibling, where it goes undivided to the cell that has the nearest atom.
    ///
    /// Only a node's own participants decide, and what joins goes by atoms, so that a larger `least` gives unions of the cells
    /// of a smaller one.
    pub(super) fn cut(&self, counts: &[usize], least: usize, nearness: &Nearness) -> Vec<AtomSet> {
        self.cut_below(0, counts, least, nearness)
    }

    fn cut_below(&self, node: usize, counts: &[usize], least: usize, nearness: &Nearness) -> Vec<AtomSet> {
        let count = |atoms: &AtomSet| atoms.iter().map(|&atom| counts[atom]).sum::<usize>();
        let own = &self.nodes[node];
        if own.children.is_empty() {
            return vec![own.atoms.clone()];
        }
        let mut bundles: Vec<Bundle> = own
            .children
            .iter()
            .map(|&child| Bundle { primary: child, whole: Vec::new(), count: count(&self.nodes[child].atoms) })
            .collect();
        while bundles.len() > 1 {
            let Some(smallest) = (0..bundles.len()).min_by_key(|&at| bundles[at].count) else { break };
            if bundles[smallest].count >= least {
                break;
            }
            let small = bundles.remove(smallest);
            let atoms: AtomSet = self.atoms_of(&small);
            let nearest = (0..bundles.len()).min_by(|&a, &b| {
                let (a, b) = (
                    gap(&atoms, &self.atoms_of(&bundles[a]), nearness),
                    gap(&atoms, &self.atoms_of(&bundles[b]), nearness),
                );
                a.total_cmp(&b)
            });
            if let Some(nearest) = nearest {
                bundles[nearest].count += small.count;
                bundles[nearest].whole.push(atoms);
            }
        }
        let mut cells = Vec::new();
        for bundle in bundles {
            let mut parts = self.cut_below(bundle.primary, counts, least, nearness);
            for atoms in bundle.whole {
                let target = (0..parts.len()).min_by(|&a, &b| {
                    // the primary's own atoms decide, not what has joined before
                    let own = |part: &AtomSet| -> AtomSet {
                        part.intersection(&self.nodes[bundle.primary].atoms).copied().collect()
                    };
                    gap(&atoms, &own(&parts[a]), nearness).total_cmp(&gap(&atoms, &own(&parts[b]), nearness))
                });
                if let Some(target) = target {
                    parts[target].extend(atoms);
                }
            }
            cells.extend(parts);
        }
        cells
    }

    fn atoms_of(&self, bundle: &Bundle) -> AtomSet {
        let mut atoms = self.nodes[bundle.primary].atoms.clone();
        bundle.whole.iter().for_each(|whole| atoms.extend(whole));
        atoms
    }

    /// The nodes from the root to each atom.
    pub(super) fn paths(&self, atoms: usize) -> Vec<Vec<usize>> {
        let mut paths = vec![Vec::new(); atoms];
        let mut open: Vec<Vec<usize>> = vec![vec![0]];
        while let Some(path) = open.pop() {
            let Some(node) = path.last().map(|&node| &self.nodes[node]) else { continue };
            for &child in &node.children {
                open.push([&path[..], &[child]].concat());
            }
            if node.children.is_empty() {
                for &atom in &node.atoms {
                    paths[atom].clone_from(&path);
                }
            }
        }
        paths
    }
}

fn gap(from: &AtomSet, to: &BTreeSet<usize>, nearness: &Nearness) -> f64 {
    from.iter().flat_map(|&a| to.iter().map(move |&b| nearness.distance(a, b))).fold(f64::INFINITY, f64::min)
}
