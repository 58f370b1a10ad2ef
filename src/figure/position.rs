//! Where a value stands in a published distribution: shares below it, quantiles and rank bands, never against anybody's exact value.
//!
//! Within a class organisations count as spread evenly, so that a position is piecewise linear in the value and has no steps at
//! members' values: trying many values finds the published classes and nothing else.

/// A distribution: shares of organisations by class, the first class from 0 per cent.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    shares: Vec<f64>,
    width: f64,
}

/// Where a value stands. Numbers are per cent of the organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Share below the value, to whole fives.
    pub below: i64,
    /// Least share below the value that the distribution allows: that of the classes under the value's own.
    pub from: i64,
    /// Greatest share below the value: with the value's own class.
    pub to: i64,
}

impl Distribution {
    /// A distribution of shares that add up to one, over classes of `width` per cent.
    pub fn new(shares: Vec<f64>, width: i64) -> Self {
        Self { shares, width: width as f64 }
    }

    /// Shares by class.
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// The share of organisations below a value, per cent of 0 to 100.
    fn below(&self, value: f64) -> f64 {
        let part = |(class, share): (usize, &f64)| {
            let from = class as f64 * self.width;
            share * ((value - from) / self.width).clamp(0.0, 1.0)
        };
        self.shares.iter().enumerate().map(part).sum()
    }

    /// Where a value between 0 and 100 per cent stands.
    pub fn position(&self, value: f64) -> Position {
        let last = self.shares.len().saturating_sub(1) as f64;
        let class = (value / self.width).floor().clamp(0.0, last);
        let percent = |share: f64| (share * 100.0).round() as i64;
        Position {
            below: (self.below(value) * 20.0).round() as i64 * 5,
            from: percent(self.below(class * self.width)),
            to: percent(self.below((class + 1.0) * self.width)),
        }
    }

    /// The value below which a share of the organisations lies, to whole steps of per cent, ties to even as in the published
    /// quartiles.
    pub fn quantile(&self, share: f64, step: i64) -> i64 {
        let mut before = 0.0;
        for (class, own) in self.shares.iter().enumerate() {
            // sums of shares are off by their last digits
            if *own > 0.0 && before + own >= share - 1e-9 {
                let value = self.width * (class as f64 + ((share - before) / own).clamp(0.0, 1.0));
                let steps = value / step as f64;
                return ((steps * 1e6).round() / 1e6).round_ties_even() as i64 * step;
            }
            before += own;
        }
        100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> Distribution {
        let counts = [0.0, 0.0, 0.0, 4.0, 8.0, 4.0, 0.0, 0.0, 0.0, 0.0];
        Distribution::new(counts.iter().map(|count| count / 16.0).collect(), 10)
    }

    #[test]
    fn positions_are_linear_within_a_class() {
        let check = |value: f64, below: i64, from: i64, to: i64| {
            assert_eq!(published().position(value), Position { below, from, to }, "{value}");
        };
        check(0.0, 0, 0, 0);
        check(30.0, 0, 0, 25);
        check(45.0, 50, 25, 75);
        check(52.0, 80, 75, 100);
        check(100.0, 100, 100, 100);
    }

    #[test]
    fn quantiles_are_those_of_the_published_rule() {
        assert_eq!([0.25, 0.5, 0.75].map(|share| published().quantile(share, 5)), [40, 45, 50]);
    }

    #[test]
    fn a_sweep_of_values_has_no_step() {
        let shares: Vec<f64> = (0..=10_000).map(|at| published().below(f64::from(at) / 100.0)).collect();
        let steepest = shares.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        assert!(steepest <= 0.5 / 1000.0 + 1e-12, "{steepest}");
    }
}
