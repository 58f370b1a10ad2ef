//! Linear programmes, and how one is handed to the solver; what the unknowns mean is known to those who write them.

use good_lp::{Expression, ProblemVariables, ResolutionError, Solution, SolverModel, microlp, variable};

/// How far from a whole number the solver's result may lie to count as one.
const NEARLY: f64 = 1e-4;

/// Something to be chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unknown {
    pub(super) low: i64,
    pub(super) high: i64,
    /// What a unit of it costs.
    pub(super) cost: f64,
}

/// Find the cheapest unknowns within their bounds such that each of the sums is 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Programme {
    pub(super) unknowns: Vec<Unknown>,
    /// Sums: unknown and coefficient.
    pub(super) sums: Vec<Vec<(usize, f64)>>,
}

impl Programme {
    /// The cheapest whole numbers that also pass an exact check; none when there are not any.
    ///
    /// The relaxation is solved first: two-way tables and hierarchies have whole corners, so that is mostly enough. Where it is
    /// not, as in some linked tables, the solver branches.
    pub(super) fn cheapest(&self, holds: impl Fn(&[i64]) -> bool) -> Result<Option<Vec<i64>>, String> {
        let Some(relaxed) = self.solve(false)? else { return Ok(None) };
        if let Some(whole) = rounded(&relaxed).filter(|whole| holds(whole)) {
            return Ok(Some(whole));
        }
        let Some(branched) = self.solve(true)? else { return Ok(None) };
        match rounded(&branched).filter(|whole| holds(whole)) {
            Some(whole) => Ok(Some(whole)),
            None => Err(String::from("its result does not pass the exact check")),
        }
    }

    fn solve(&self, whole: bool) -> Result<Option<Vec<f64>>, String> {
        let mut variables = ProblemVariables::new();
        let bound = |bound: i64| if whole { bound.clamp(-i64::from(i32::MAX), i64::from(i32::MAX)) } else { bound };
        let mut handles = Vec::with_capacity(self.unknowns.len());
        for unknown in &self.unknowns {
            let definition = variable().min(bound(unknown.low) as f64).max(bound(unknown.high) as f64);
            handles.push(variables.add(if whole { definition.integer() } else { definition }));
        }
        let mut objective = Expression::with_capacity(self.unknowns.len());
        for (handle, unknown) in handles.iter().zip(&self.unknowns) {
            objective.add_mul(unknown.cost, handle);
        }
        let mut model = variables.minimise(objective).using(microlp);
        for sum in &self.sums {
            let mut expression = Expression::with_capacity(sum.len());
            for &(unknown, coefficient) in sum {
                expression.add_mul(coefficient, handles[unknown]);
            }
            model.add_constraint(expression.eq(0));
        }
        match model.solve() {
            Ok(solution) => Ok(Some(handles.iter().map(|&handle| solution.value(handle)).collect())),
            Err(ResolutionError::Infeasible) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn rounded(values: &[f64]) -> Option<Vec<i64>> {
    let near = |value: &f64| ((value - value.round()).abs() < NEARLY).then(|| value.round() as i64);
    values.iter().map(near).collect()
}
