//! One partition of a sector: atoms, names, cells by year, and how two cells become one; how atoms come about is in the files beside.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Text, Year};

/// Positions of atoms.
pub type AtomSet = BTreeSet<usize>;

/// What a partition goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartitionKind {
    /// The similarity tree; its cells are the blocks, and they alone have histograms.
    Similarity,
    /// Counties.
    County,
    /// Bands of population size.
    Size,
}

/// A set of atoms that people know by a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Kind: `sector`, `skr-main-group`, `skr-group`, `branch`, `block`, `county` or `size`.
    pub kind: String,
    /// Key within the kind.
    pub key: String,
    /// Name.
    pub name: Text,
    /// Version of the classification it belongs to.
    pub version: Option<String>,
    /// Its atoms.
    pub atoms: AtomSet,
}

/// How far apart two atoms are: fewer levels shared first, then distance. Smaller is nearer.
pub(super) type Apart = (usize, f64);

/// How far apart atoms are from each other.
#[derive(Debug, Clone)]
pub(super) enum Nearness {
    /// Each pair by itself.
    Pairs(Vec<Vec<Apart>>),
    /// Levels of a tree that they do not share, then the distance of their centres; worked out when asked for, since large sectors
    /// have millions of pairs.
    Tree {
        /// Nodes from the root to each atom.
        paths: Vec<Vec<usize>>,
        /// Nodes on the longest path.
        longest: usize,
        /// The centre of each atom.
        centres: Vec<Vec<f64>>,
    },
}

impl Nearness {
    /// How far apart two atoms are.
    pub(super) fn apart(&self, a: usize, b: usize) -> Apart {
        match self {
            Self::Pairs(pairs) => pairs[a][b],
            Self::Tree { paths, longest, .. } => {
                let shared = paths[a].iter().zip(&paths[b]).take_while(|(one, other)| one == other).count();
                (longest - shared, self.distance(a, b))
            }
        }
    }

    /// Their distance alone.
    pub(super) fn distance(&self, a: usize, b: usize) -> f64 {
        match self {
            Self::Pairs(pairs) => pairs[a][b].1,
            Self::Tree { centres, .. } => {
                let squares = centres[a].iter().zip(&centres[b]).map(|(x, y)| (x - y).powi(2));
                squares.sum::<f64>().sqrt()
            }
        }
    }
}

/// A way to divide a sector.
#[derive(Debug, Clone)]
pub struct Partition {
    /// What it goes by.
    pub kind: PartitionKind,
    /// Members of each atom, as positions of organisations.
    pub atoms: Vec<Vec<usize>>,
    /// Named sets, from the whole to the finest.
    pub named: Vec<Named>,
    /// Cells by year, each in the order of its first atom.
    pub cells: BTreeMap<Year, Vec<AtomSet>>,
    /// Cuts the partition into cells, given the number of participants per atom and the least number per cell.
    pub(super) cutter: Cutter,
    /// How near two atoms are.
    pub(super) nearness: Nearness,
}

/// How a partition is cut.
#[derive(Debug, Clone)]
pub(super) enum Cutter {
    /// Down a tree.
    Tree(super::tree::Tree),
    /// The smallest cell is merged with the nearest until all are large enough.
    Merge,
}

impl Partition {
    /// Divides into cells of at least `least` participants each, for one year.
    pub(super) fn cut(&mut self, year: Year, participants: &[usize], least: usize) {
        let counts = self.counts(participants);
        let mut cells = match &self.cutter {
            Cutter::Tree(tree) => tree.cut(&counts, least, &self.nearness),
            Cutter::Merge => {
                let mut cells: Vec<AtomSet> = (0..self.atoms.len()).map(|atom| [atom].into()).collect();
                while cells.len() > 1 {
                    let size = |cell: &AtomSet| cell.iter().map(|&atom| counts[atom]).sum::<usize>();
                    let Some(smallest) = (0..cells.len()).min_by_key(|&at| size(&cells[at])) else { break };
                    if size(&cells[smallest]) >= least {
                        break;
                    }
                    merge_nearest(&mut cells, smallest, &self.nearness);
                }
                cells
            }
        };
        cells.sort();
        self.cells.insert(year, cells);
    }

    /// Participants per atom.
    fn counts(&self, participants: &[usize]) -> Vec<usize> {
        let takes_part = |member: &&usize| participants.binary_search(member).is_ok();
        self.atoms.iter().map(|members| members.iter().filter(takes_part).count()).collect()
    }

    /// The participants of a set of atoms. Participants are in ascending order.
    pub fn members(&self, atoms: &AtomSet, participants: &[usize]) -> Vec<usize> {
        let members = atoms.iter().flat_map(|&atom| self.atoms[atom].iter().copied());
        let mut members: Vec<usize> = members.filter(|at| participants.binary_search(at).is_ok()).collect();
        members.sort_unstable();
        members
    }

    /// Merges a year's cell with the nearest one; false where there is no other.
    pub fn merge(&mut self, year: Year, cell: usize) -> bool {
        let Some(cells) = self.cells.get_mut(&year) else { return false };
        if cells.len() < 2 {
            return false;
        }
        merge_nearest(cells, cell, &self.nearness);
        cells.sort();
        true
    }

    /// Joins each year's cells until each is a union of another partition's, which has the same atoms.
    pub(super) fn coarsen(&mut self, other: &Self) {
        for (year, others) in &other.cells {
            let Some(cells) = self.cells.get_mut(year) else { continue };
            // a cell of either is one with every cell of the other that it shares an atom with
            let mut sets = Sets::of(self.atoms.len());
            for one in cells.iter().chain(others) {
                for &atom in one {
                    sets.join(*one.first().unwrap_or(&atom), atom);
                }
            }
            let mut joined: BTreeMap<usize, AtomSet> = BTreeMap::new();
            for cell in std::mem::take(cells) {
                if let Some(&first) = cell.first() {
                    joined.entry(sets.first_of(first)).or_default().extend(cell);
                }
            }
            *cells = joined.into_values().collect();
        }
    }

    /// Joins a year's cells that have any of some atoms.
    pub(crate) fn join(&mut self, year: Year, atoms: &AtomSet) {
        let Some(cells) = self.cells.get_mut(&year) else { return };
        let (overlapping, mut apart): (Vec<AtomSet>, Vec<AtomSet>) =
            std::mem::take(cells).into_iter().partition(|cell| !cell.is_disjoint(atoms));
        if !overlapping.is_empty() {
            apart.push(overlapping.into_iter().flatten().collect());
        }
        apart.sort();
        *cells = apart;
    }

    /// A test for sets of atoms that are unions of a year's cells; none where the year has no cells.
    pub fn unions(&self, year: Year) -> Option<Unions> {
        let cells = self.cells.get(&year)?;
        let mut cell_of = vec![cells.len(); self.atoms.len()];
        for (at, cell) in cells.iter().enumerate() {
            for &atom in cell {
                cell_of[atom] = at;
            }
        }
        Some(Unions { cell_of, sizes: cells.iter().map(AtomSet::len).collect() })
    }
}

/// Atoms that belong together, by the first of them (Galler & Fischer 1964).
struct Sets {
    before: Vec<usize>,
}

impl Sets {
    fn of(atoms: usize) -> Self {
        Self { before: (0..atoms).collect() }
    }

    fn first_of(&mut self, mut atom: usize) -> usize {
        while self.before[atom] != atom {
            self.before[atom] = self.before[self.before[atom]];
            atom = self.before[atom];
        }
        atom
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first_of(a), self.first_of(b));
        self.before[a.max(b)] = a.min(b);
    }
}

/// Tells sets of atoms that are unions of cells.
#[derive(Debug)]
pub struct Unions {
    /// The cell of each atom; one past the last for an atom in no cell.
    cell_of: Vec<usize>,
    /// Number of atoms by cell.
    sizes: Vec<usize>,
}

impl Unions {
    /// Whether each cell is in the set as a whole or not at all.
    pub fn contain(&self, atoms: &AtomSet) -> bool {
        let mut cells: Vec<usize> = atoms.iter().map(|&atom| self.cell_of[atom]).collect();
        cells.sort_unstable();
        cells.chunk_by(|a, b| a == b).all(|own| self.sizes.get(own[0]).is_none_or(|&size| size == own.len()))
    }
}

/// Joins a cell with the one that has the atom nearest to any of its own.
fn merge_nearest(cells: &mut Vec<AtomSet>, cell: usize, nearness: &Nearness) {
    let own: Vec<usize> = cells[cell].iter().copied().collect();
    let distance = |other: &AtomSet| {
        other
            .iter()
            .flat_map(|&b| own.iter().map(move |&a| nearness.apart(a, b)))
            .min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
            .unwrap_or((usize::MAX, f64::INFINITY))
    };
    let others = (0..cells.len()).filter(|&other| other != cell).map(|other| (other, distance(&cells[other])));
    let nearest = others.min_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    if let Some((nearest, _)) = nearest {
        let joined = std::mem::take(&mut cells[cell]);
        cells[nearest].extend(joined);
        cells.remove(cell);
    }
}
