//! The span of groups' indicator rows, as an orthonormal basis read by organisation; what it says of anonymity is `within`'s.

/// A basis of all combinations of some groups' means.
///
/// Its *head* are disjoint groups, the smallest first: of their basis vectors each organisation has at most one, `1/sqrt(n)`.
/// Its *tail* is what the other groups add to these (modified Gram-Schmidt, each row twice, which is enough: Giraud et al. 2005).
#[derive(Debug)]
pub(super) struct Span {
    /// The head's group that an organisation is in, and `1/n` of it.
    head: Vec<Option<(usize, f64)>>,
    /// Entries of the tail's vectors, a row per organisation.
    tail: Vec<f64>,
    /// Number of the tail's vectors.
    width: usize,
    /// Number of all vectors.
    pub(super) rank: usize,
}

impl Span {
    /// The span of groups of `organisations`, each given by its members' positions.
    pub(super) fn of(groups: &[Vec<usize>], organisations: usize) -> Self {
        let mut order: Vec<&Vec<usize>> = groups.iter().filter(|members| !members.is_empty()).collect();
        order.sort_by_key(|members| members.len());
        let mut head: Vec<Option<(usize, f64)>> = vec![None; organisations];
        let mut heads: Vec<&[usize]> = Vec::new();
        let mut tail: Vec<&[usize]> = Vec::new();
        for members in order {
            if members.iter().all(|&member| head[member].is_none()) {
                for &member in members {
                    head[member] = Some((heads.len(), 1.0 / members.len() as f64));
                }
                heads.push(members);
            } else {
                tail.push(members);
            }
        }
        // what is made of whole groups of the head adds nothing, and in large sectors nearly all is
        tail.retain(|members| !is_union(members, &head, &heads));
        let mut basis: Vec<Vec<f64>> = Vec::new();
        for members in tail {
            let mut row = indicator(members, organisations);
            let before = dot(&row, &row).sqrt();
            for _ in 0..2 {
                for own in &heads {
                    let mean = own.iter().map(|&member| row[member]).sum::<f64>() / own.len() as f64;
                    for &member in *own {
                        row[member] -= mean;
                    }
                }
                for direction in &basis {
                    let along = dot(direction, &row);
                    for at in 0..row.len() {
                        row[at] -= along * direction[at];
                    }
                }
            }
            // a row that adds less than this of its length is a combination of those before
            let length = dot(&row, &row).sqrt();
            if length > 1e-9 * before {
                for value in &mut row {
                    *value /= length;
                }
                basis.push(row);
            }
        }
        let width = basis.len();
        let tail = (0..organisations).flat_map(|at| basis.iter().map(move |direction| direction[at])).collect();
        Self { head, tail, width, rank: heads.len() + width }
    }

    /// The product of two organisations' entries: their place in the projection onto the span.
    pub(super) fn product(&self, one: usize, other: usize) -> f64 {
        let shared = match (self.head[one], self.head[other]) {
            (Some((own, share)), Some((its, _))) if own == its => share,
            _ => 0.0,
        };
        shared + dot(self.tail_of(one), self.tail_of(other))
    }

    /// The head's group that an organisation is in.
    pub(super) fn head_of(&self, organisation: usize) -> Option<usize> {
        self.head[organisation].map(|(group, _)| group)
    }

    /// The square of the length of an organisation's entries in the tail.
    pub(super) fn in_tail(&self, organisation: usize) -> f64 {
        let own = self.tail_of(organisation);
        dot(own, own)
    }

    fn tail_of(&self, organisation: usize) -> &[f64] {
        &self.tail[organisation * self.width..(organisation + 1) * self.width]
    }
}

/// Whether a group has each group of the head as a whole or not at all, and nobody else.
fn is_union(members: &[usize], head: &[Option<(usize, f64)>], heads: &[&[usize]]) -> bool {
    let mut own: Vec<usize> = Vec::with_capacity(members.len());
    for &member in members {
        let Some((group, _)) = head[member] else { return false };
        own.push(group);
    }
    own.sort_unstable();
    own.chunk_by(|a, b| a == b).all(|part| part.len() == heads[part[0]].len())
}

fn indicator(members: &[usize], organisations: usize) -> Vec<f64> {
    let mut row = vec![0.0; organisations];
    for &member in members {
        row[member] = 1.0;
    }
    row
}

/// The product of two vectors, as far as the shorter one goes. Four running sums, so that the compiler can keep them in one register.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let mut sums = [0.0_f64; 4];
    let mut at = 0;
    while at + 4 <= length {
        for lane in 0..4 {
            sums[lane] += a[at + lane] * b[at + lane];
        }
        at += 4;
    }
    let mut rest = 0.0;
    while at < length {
        rest += a[at] * b[at];
        at += 1;
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
