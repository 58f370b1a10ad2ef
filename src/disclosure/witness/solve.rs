//! Mixed-integer programmes that push one value as far as it goes, and choose who of some members of its block has whose classes;
//! their solutions are never trusted.

use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, WithMipGap, WithTimeLimit, constraint, microlp,
    solvers::SolutionStatus, variable,
};

use super::{
    HIGHEST, Method, Round, Witness,
    shape::{Shape, WEIGHT_BITS},
    state::{LeafChange, Price, State},
};

/// Organisations that move in a programme.
const MOVERS: usize = 10;
/// Members of the block whose rows the organisation may be given, from the end to which it is pushed.
const PARTNERS: usize = 3;
/// Points that solutions stay inside of what is allowed, because they are rounded to millionths.
const MARGIN: f64 = 2e-5;
/// How near to the best a solution has to be: what is wanted is width, not the last point of it.
const NEAR_ENOUGH: f32 = 0.1;
/// Seconds after which a programme is given up: a hundred times what one takes, so that no result hangs on it.
const PATIENCE: f64 = 300.0;

/// Data sets in which the organisation's value is as low or as high as a programme gets it: at most two.
pub(super) fn extremes(
    round: &Round,
    shape: &Shape,
    fixed: &[usize],
    organisation: usize,
    node: usize,
) -> Vec<Witness> {
    let block = &shape.blocks[shape.block_of[organisation]];
    let is_other = |member: &usize| *member != organisation && !fixed.contains(member);
    let mut others: Vec<usize> = block.iter().copied().filter(is_other).collect();
    others.sort_by_key(|&member| round.scores[member][node]);
    let push = |sign: f64, partners: &mut dyn Iterator<Item = &usize>| {
        let exchanging = [organisation].into_iter().chain(partners.take(PARTNERS).copied()).collect();
        Programme { round, shape, fixed, exchanging }.solve(node, sign)
    };
    [push(-1.0, &mut others.iter()), push(1.0, &mut others.iter().rev())].into_iter().flatten().collect()
}

/// Who of those who exchange rows has whose: one where it is so.
type Assignment = Vec<Vec<Variable>>;

/// An organisation, the changes of its leaves, and what each node moves by.
type Mover = (usize, Vec<Option<Variable>>, Vec<Expression>);

struct Programme<'a> {
    round: &'a Round,
    shape: &'a Shape,
    fixed: &'a [usize],
    /// Members of a block, the one that is pushed first: each has the classes of one of them, in every node.
    exchanging: Vec<usize>,
}

impl Programme<'_> {
    fn solve(&self, node: usize, sign: f64) -> Option<Witness> {
        let mut variables = ProblemVariables::new();
        let among = 0..self.exchanging.len();
        let assignment: Assignment =
            among.clone().map(|_| among.clone().map(|_| variables.add(variable().binary())).collect()).collect();
        let mut limits: Vec<(Expression, f64, f64)> = Vec::new();
        for at in among.clone() {
            limits.push((assignment[at].iter().sum(), 1.0, 1.0));
            limits.push((assignment.iter().map(|own| own[at]).sum(), 1.0, 1.0));
        }
        let mut changes: Vec<Mover> = Vec::new();
        for mover in self.movers() {
            let mut leaves: Vec<Option<Variable>> = vec![None; self.shape.nodes];
            for &leaf in &self.shape.leaves {
                let (low, high) = self.on_scale(mover, leaf);
                leaves[leaf] = Some(variables.add(variable().clamp(low, high)));
            }
            let moved: Vec<Expression> = (0..self.shape.nodes).map(|at| self.moved(at, &leaves)).collect();
            for (at, moved) in moved.iter().enumerate() {
                limits.extend(self.classes(mover, at, moved, &assignment)?);
            }
            changes.push((mover, leaves, moved));
        }
        limits.extend(self.windows(&changes));
        let pushed = changes.first()?.2[node].clone();
        let model = variables.maximise(sign * pushed).using(microlp).with_time_limit(PATIENCE);
        let mut model = model.with_mip_gap(NEAR_ENOUGH).ok()?;
        for (expression, low, high) in limits {
            model.add_constraint(constraint!(expression.clone() >= low));
            model.add_constraint(constraint!(expression <= high));
        }
        let solution = model.solve().ok()?;
        // what was best until then would depend on how quick the machine is
        if matches!(solution.status(), SolutionStatus::TimeLimit) {
            return None;
        }
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

    /// Those who exchange rows, and those who can best make up for it: who count in most windows with them.
    fn movers(&self) -> Vec<usize> {
        let windows = |organisation: usize| self.shape.touching(organisation * self.shape.nodes);
        let shared = |organisation: usize| {
            let with = |whom: &usize| windows(organisation).iter().filter(|at| windows(*whom).contains(at)).count();
            self.exchanging.iter().map(with).sum::<usize>()
        };
        let is_free = |at: &usize| !self.exchanging.contains(at) && !self.fixed.contains(at);
        let mut rest: Vec<usize> = (0..self.shape.organisations).filter(is_free).collect();
        rest.sort_by_key(|&organisation| std::cmp::Reverse(shared(organisation)));
        rest.truncate(MOVERS.saturating_sub(self.exchanging.len()));
        [self.exchanging.clone(), rest].concat()
    }

    /// How far a value may move on the scale, in points.
    fn on_scale(&self, organisation: usize, node: usize) -> (f64, f64) {
        let truth = self.round.scores[organisation][node];
        (-truth as f64 / 1e6, (HIGHEST - truth) as f64 / 1e6)
    }

    /// Keeps a value within a class: its own, or that of whoever's row it has. None where a class leaves no room.
    fn classes(
        &self,
        organisation: usize,
        node: usize,
        moved: &Expression,
        assignment: &Assignment,
    ) -> Option<Vec<(Expression, f64, f64)>> {
        let truth = self.round.scores[organisation][node] as f64 / 1e6;
        let Some(place) = self.exchanging.iter().position(|&own| own == organisation) else {
            let (low, high) = self.ends(organisation, node)?;
            return Some(vec![(moved.clone(), low - truth, high - truth)]);
        };
        // one of the ends of the class that goes with the assignment, less where the value lies
        let mut from = [moved.clone(), moved.clone()];
        for (&own, &whose) in assignment[place].iter().zip(&self.exchanging) {
            let (low, high) = self.ends(whose, node)?;
            from[0].add_mul(-low, own);
            from[1].add_mul(-high, own);
        }
        let far = 2.0 * HIGHEST as f64 / 1e6;
        let [above, below] = from;
        Some(vec![(above, -truth, far), (below, -far, -truth)])
    }

    /// The ends of the class in which an organisation's value lies, in points.
    fn ends(&self, organisation: usize, node: usize) -> Option<(f64, f64)> {
        let class = i64::from(self.shape.class(self.round.scores[organisation][node]));
        let low = class * self.shape.class_width;
        let high = if class as usize + 1 == self.shape.classes { HIGHEST } else { low + self.shape.class_width };
        let (low, high) = (low as f64 / 1e6 + MARGIN, high as f64 / 1e6 - MARGIN);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::witness::{
        holds,
        tests::rounds::{self, POINT, Plan},
    };

    #[test]
    fn a_programme_takes_an_organisation_into_classes_that_are_others() {
        let plan = Plan { organisations: 45, blocks: 3, counties: 2, bands: 2, spread: 12.0, seed: 5 };
        let round = rounds::round(plan, rounds::tree(&[2, 2]));
        let shape = Shape::new(&round);
        let block = &round.blocks[0];
        let (fixed, wanted) = (vec![block[0]], &block[1..5]);
        let mut widest = 0;
        for &organisation in wanted {
            let found = extremes(&round, &shape, &fixed, organisation, 0);
            assert!(found.iter().all(|witness| holds(&round, witness)));
            let values =
                || found.iter().map(|witness| witness.scores[organisation][0]).chain([round.scores[organisation][0]]);
            widest = widest.max(values().max().unwrap() - values().min().unwrap());
        }
        // within its own class it could move by ten points at most
        assert!(widest > 20 * POINT, "{widest}");
    }
}
