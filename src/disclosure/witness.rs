//! The witness search: whole data sets that reproduce everything published about one year's round; what is published is decided elsewhere.
//!
//! Of a round are published the means of groups, rounded, so that each sum lies in a known [`Window`], and for disjoint blocks
//! the histogram of every node. A *witness* is another data set with the same windows and histograms, hence with the same
//! published bytes. Four ideas carry the search:
//!
//! 1. **Coherent with the tree.** Only leaves are free: a node with children moves by the weighted mean of its leaves' changes,
//!    rounded once, half to even. So an organisation keeps its own offset between a parent and the mean of its children, which
//!    missing answers leave in real data.
//! 2. **A walk.** Changes are drawn as likely as their reverse and made by the rule of Metropolis et al. (1953). Histograms are
//!    never left: a step over the edge of a class is made together with one back (moves between tables with given margins:
//!    Diaconis & Sturmfels 1998). Sums may leave their windows at a price.
//! 3. **Heating and cooling.** Whole rows of answers must change hands, and with all windows shut they hardly ever can: some
//!    twenty sums in each of several groups would have to give room at once. So the price is lowered until they move freely
//!    and raised again step by step (Kirkpatrick, Gelatt & Vecchi 1983), and one data set is kept each time.
//! 4. **Insiders.** In each of two chains one member of every block keeps its true values, other members in the other chain. An
//!    organisation is judged in every chain that leaves it free, so always with an insider of its own block.
//!
//! **What the walk draws from.** At a given price all data sets with the published histograms are equally likely, less what
//! they pay for sums outside: the distribution of a reader who knows nothing but what is published and that scores lie on the
//! scale, and to whom every data set that fits is as good as another. Nothing is assumed about how scores correlate or
//! spread: both are in the histograms. Cooling takes a finite time, so *whose* row is whose stays as at the price at which rows
//! stop changing hands; the draws know sums of counties and bands a little less exactly than the reader does, and histograms
//! exactly. Cooling four times as slowly is the test for it: the probabilities must not change.
//!
//! **What is claimed**: the widths are proven by two data sets each. The probabilities are estimates from `n` draws with a
//! standard error of at most `sqrt(0.75 * 0.25 / n)`, under that distribution, with the insiders that were drawn; not for every
//! possible insider, nor for a reader with other prior knowledge.
//!
//! What the walk leaves is looked for with a pull on the values in question ([`Method::Pull`]) and by mixed-integer programmes that
//! also choose who of a few members has whose row ([`Method::Solver`]). Every witness is checked by [`holds`], which knows nothing of the search.

mod check;
mod measure;
mod moves;
mod search;
mod shape;
mod solve;
mod state;
mod valid;
mod walk;

#[cfg(test)]
mod tests;

use serde::Serialize;

pub use check::holds;
pub use measure::{effective_draws, likeliest, widths};
pub use search::search;
pub use valid::RoundError;

/// The highest score, in millionths of a point; the lowest is 0.
pub const HIGHEST: i64 = 100_000_000;

/// The whole round of one year: what is true, and what is published about it. Organisations, nodes and blocks are positions.
#[derive(Debug, Clone)]
pub struct Round {
    /// The instrument tree, parents before or after children; every root has a tree of its own.
    pub nodes: Vec<Node>,
    /// Scores by organisation and node, in millionths of a point.
    pub scores: Vec<Vec<i64>>,
    /// Members of each block; every organisation is in exactly one.
    pub blocks: Vec<Vec<usize>>,
    /// Published sums, those of blocks too.
    pub windows: Vec<Window>,
    /// Width of a class of the histograms, in millionths; the last class is closed.
    pub class_width: i64,
}

/// A node of the tree.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is part of.
    pub parent: Option<usize>,
    /// Its share of its parent; shares that do not add up to one are divided by their sum.
    pub weight: f64,
}

/// What a published mean tells: between which sums, both included, the members' scores add up. In millionths.
#[derive(Debug, Clone)]
pub struct Window {
    /// The node.
    pub node: usize,
    /// Who is counted.
    pub members: Vec<usize>,
    /// Least sum.
    pub low: i64,
    /// Greatest sum.
    pub high: i64,
}

/// What is to be shown, and how hard to try.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Least width, in millionths.
    pub width: i64,
    /// Greatest probability of the likeliest class.
    pub bin_probability_max: f64,
    /// Draws of each chain; up to four times as many where a probability is near the limit. 60 do for a round of 290.
    pub states: usize,
    /// Same round, same seed: same witnesses.
    pub seed: u64,
}

/// Where a witness comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Drawn by the walk: only these tell probabilities.
    Walk,
    /// Drawn with a pull on some values: these tell widths.
    Pull,
    /// Found by a mixed-integer programme: these tell widths.
    Solver,
}

/// A data set that reproduces everything published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Scores by organisation and node, in millionths of a point.
    pub scores: Vec<Vec<i64>>,
    /// Organisations that have their true scores: the insiders. Witnesses with the same ones are a chain.
    pub fixed: Vec<usize>,
    /// Where it comes from.
    pub method: Method,
}

/// An organisation and node for which not all was shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lacking {
    /// The organisation.
    pub organisation: usize,
    /// The node.
    pub node: usize,
    /// The width that was shown, in millionths.
    pub width: i64,
    /// More than any width that any data set can show: from the lowest to the highest class that members other than the
    /// insiders have in the block. If it is not above the width asked for, the histogram alone gives the value away.
    pub reach: i64,
    /// The likeliest class.
    pub class: usize,
    /// Its probability.
    pub probability: f64,
    /// Share of that class among members other than the insiders: what the histogram alone says.
    pub share: f64,
}

/// Organisations times nodes for which all was shown, by the method that was needed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Settled {
    /// The walk's draws are enough.
    pub walk: usize,
    /// A pull was needed.
    pub pull: usize,
    /// A programme was needed.
    pub solver: usize,
}

/// What the search found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// All witnesses, each of which [`holds`].
    pub witnesses: Vec<Witness>,
    /// Where something is missing, by organisation and node.
    pub lacking: Vec<Lacking>,
    /// Where nothing is.
    pub settled: Settled,
    /// How many independent draws the draws of a chain are worth: the lowest twentieth and the median over all values.
    pub effective: [f64; 2],
    /// Coolings that ended outside a window, whose data sets were left out.
    pub failed: usize,
}
