//! Linear programmes that push one value as far as it goes after two rows have been exchanged; their solutions are never trusted.

use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, WithTimeLimit, constraint, microlp, variable,
};

use super::{
    HIGHEST, Method, Round, Witness,
    shape::{Shape, WEIGHT_BITS},
    state::{LeafChange, Price, State},
};

/// Organisations that move in a programme.
const MOVERS: usize = 10;
/// Rows that the organisation is given in turn, from each end of the block.
const PARTNERS: usize = 2;
/// Points that solutions stay inside of what is allowed, because they are rounded to millionths.
const MARGIN: f64 = 2e-5;
/// Seconds after which a programme is given up: many times what one takes, so that no result hangs on it.
const PATIENCE: f64 = 30.0;

/// Data sets in which the organisation's value is very high or very low: at most `2 * PARTNERS`.
pub(super) fn extremes(
    round: &Round,
    shape: &Shape,
    fixed: &[usize],
    organisation: usize,
    node: usize,
) -> Vec<Witness> {
    let block = &shape.blocks[shape.block_of[organisation]];
    let mut partners: Vec<usize> = block.iter().copied().filter(|member| !fixed.contains(member)).collect();
    partners.sort_by_key(|&member| round.scores[member][node]);
    let low = partners.iter().take(PARTNERS).map(|&partner| (partner, -1.0));
    let high = partners.iter().rev().take(PARTNERS).map(|&partner| (partner, 1.0));
    low.chain(high)
        .filter_map(|(partner, sign)| {
            let programme = Programme { round, shape, fixed, exchanged: (organisation, partner) };
            programme.solve(node, sign)
        })
        .collect()
}

/// An organisation, the changes of its leaves, and what each node moves by.
type Mover = (usize, Vec<Option<Variable>>, Vec<Expression>);

struct Programme<'a> {
    round: &'a Round,
    shape: &'a Shape,
    fixed: &'a [usize],
    /// Each gets the other's classes; may be the same.
    exchanged: (usize, usize),
}

impl Programme<'_> {
    fn solve(&self, node: usize, sign: f64) -> Option<Witness> {
        let movers = self.movers();
        let mut variables = ProblemVariables::new();
        let mut changes: Vec<Mover> = Vec::new();
        let mut limits = Vec::new();
        for &mover in &movers {
            let mut leaves: Vec<Option<Variable>> = vec![None; self.shape.nodes];
            for &leaf in &self.shape.leaves {
                let (low, high) = self.room(mover, leaf)?;
                leaves[leaf] = Some(variables.add(variable().clamp(low, high)));
            }
            let moved: Vec<Expression> = (0..self.shape.nodes).map(|at| self.moved(at, &leaves)).collect();
            for at in (0..self.shape.nodes).filter(|&at| leaves[at].is_none()) {
                let (low, high) = self.room(mover, at)?;
                limits.push((moved[at].clone(), low, high));
            }
            changes.push((mover, leaves, moved));
        }
        limits.extend(self.windows(&changes));
        let pushed = changes.iter().find(|change| change.0 == self.exchanged.0)?.2[node].clone();
        let mut model = variables.maximise(sign * pushed).using(microlp).with_time_limit(PATIENCE);
        for (expression, low, high) in limits {
            model.add_constraint(constraint!(expression.clone() >= low));
            model.add_constraint(constraint!(expression <= high));
        }
        let solution = model.solve().ok()?;
        let mut leaf_changes: Vec<LeafChange> = Vec::new();
        for (mover, leaves, _) in &changes {
            for (leaf, change) in leaves.iter().enumerate() {
                let millionths = change.map_or(0, |change| (solution.value(change) * 1e6).round() as i64);
                if millionths != 0 {
                    leaf_changes.push((*mover, leaf, millionths));
                }
            }
        }
        let mut state = State::new(self.round, self.shape);
        let made = state.attempt(&leaf_changes, Price { outside: 1e12, distance: 0.0 }, 0.0);
        let witness = Witness { scores: state.rows(), fixed: self.fixed.to_vec(), method: Method::Solver };
        (made && state.is_witness()).then_some(witness)
    }

    /// The two whose rows are exchanged, and those who can best make up for it: who count in most windows with them.
    fn movers(&self) -> Vec<usize> {
        let windows = |organisation: usize| self.shape.touching(organisation * self.shape.nodes);
        let (one, other) = self.exchanged;
        let shared = |organisation: usize| {
            let with = |whom: usize| windows(organisation).iter().filter(|at| windows(whom).contains(at)).count();
            with(one) + with(other)
        };
        let mut rest: Vec<usize> =
            (0..self.shape.organisations).filter(|at| *at != one && *at != other && !self.fixed.contains(at)).collect();
        rest.sort_by_key(|&organisation| std::cmp::Reverse(shared(organisation)));
        let mut movers = vec![one];
        movers.extend((other != one).then_some(other));
        movers.extend(rest.into_iter().take(MOVERS - movers.len()));
        movers
    }

    /// How far below and above the truth a value may lie, in points: within the class that it is to have.
    fn room(&self, organisation: usize, node: usize) -> Option<(f64, f64)> {
        let (one, other) = self.exchanged;
        let whose = match organisation {
            at if at == one => other,
            at if at == other => one,
            at => at,
        };
        let truth = self.round.scores[organisation][node];
        let class = i64::from(self.shape.class(self.round.scores[whose][node]));
        let low = class * self.shape.class_width;
        let high = if class as usize + 1 == self.shape.classes { HIGHEST } else { low + self.shape.class_width };
        let (low, high) = ((low - truth) as f64 / 1e6 + MARGIN, (high - truth) as f64 / 1e6 - MARGIN);
        (low < high).then_some((low, high))
    }

    /// What a node moves by, in points.
    fn moved(&self, node: usize, leaves: &[Option<Variable>]) -> Expression {
        let mut moved = Expression::default();
        for &leaf in &self.shape.below[node] {
            let above = self.shape.above[leaf].iter().find(|above| above.0 == node);
            let weight = above.map_or(1.0, |above| above.1 as f64 / (1_u64 << WEIGHT_BITS) as f64);
            if let Some(change) = leaves[leaf] {
                moved.add_mul(weight, change);
            }
        }
        moved
    }

    /// What the movers may change in each sum that they can move out of its window.
    fn windows(&self, changes: &[Mover]) -> Vec<(Expression, f64, f64)> {
        let mut limits = Vec::new();
        for window in &self.round.windows {
            let counted: Vec<&Expression> = changes
                .iter()
                .filter(|change| window.members.contains(&change.0))
                .map(|change| &change.2[window.node])
                .collect();
            let sum: i64 = window.members.iter().map(|&member| self.round.scores[member][window.node]).sum();
            let (low, high) = ((window.low - sum) as f64 / 1e6, (window.high - sum) as f64 / 1e6);
            let far = 2.0 * self.shape.class_width as f64 / 1e6 * counted.len() as f64;
            if counted.is_empty() || (low < -far && high > far) {
                continue;
            }
            let margin = MARGIN.min((high - low) / 4.0);
            limits.push((counted.into_iter().cloned().sum(), low + margin, high - margin));
        }
        limits
    }
}
