//! Reproducible randomness: a hash of names gives a key, a key gives numbered streams of draws; what they decide is elsewhere.

use rand::{Rng as _, RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use sha2::{Digest as _, Sha256};

/// What a family of streams is drawn from.
#[derive(Debug, Clone)]
pub(super) struct Key(ChaCha8Rng);

impl Key {
    /// The key of a seed and a list of names: the instrument, what the draws are for, and whose they are.
    pub(super) fn new(seed: u64, names: [&str; 3]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(seed.to_le_bytes());
        for name in names {
            // the length keeps two different lists of names from running together into one text
            hasher.update((name.len() as u64).to_le_bytes());
            hasher.update(name.as_bytes());
        }
        Self(ChaCha8Rng::from_seed(hasher.finalize().into()))
    }

    /// The numbered stream, from its beginning.
    pub(super) fn stream(&self, number: u64) -> Draws {
        let mut rng = self.0.clone();
        rng.set_stream(number);
        Draws(rng)
    }
}

/// Draws in their order.
#[derive(Debug)]
pub(super) struct Draws(ChaCha8Rng);

impl Draws {
    /// A number from 0 up to, but not including, 1, in steps of 2^-32.
    pub(super) fn share(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// A number between -1 and 1.
    pub(super) fn either_way(&mut self) -> f64 {
        2.0 * self.share() - 1.0
    }

    /// A number with mean 0 and standard deviation 1.
    pub(super) fn normal(&mut self) -> f64 {
        self.0.sample(StandardNormal)
    }

    /// Any number of 32 bits.
    pub(super) fn word(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// The position that falls out of the lot when each has its weight.
    pub(super) fn weighted(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut left = self.share() * weights.clone().sum::<f64>();
        let mut chosen = 0;
        for (at, weight) in weights.enumerate().filter(|(_, weight)| *weight > 0.0) {
            chosen = at;
            if left < weight {
                break;
            }
            left -= weight;
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let key = Key::new(1, ["survey", "organisation", "municipality-0114"]);
        assert_eq!(key.stream(3).word(), key.stream(3).word());
        assert_ne!(key.stream(3).word(), key.stream(4).word());
        assert_ne!(key.stream(3).word(), Key::new(2, ["survey", "organisation", "municipality-0114"]).stream(3).word());
        assert_ne!(key.stream(3).word(), Key::new(1, ["survey", "organisationm", "unicipality-0114"]).stream(3).word());
    }

    #[test]
    fn a_weight_of_nothing_is_never_chosen() {
        let mut draws = Key::new(1, ["survey", "weights", ""]).stream(0);
        let mut chosen = [0; 4];
        for _ in 0..1000 {
            chosen[draws.weighted([0.0, 1.0, 3.0, 0.0].into_iter())] += 1;
        }
        assert_eq!((chosen[0], chosen[3]), (0, 0));
        assert!((700..800).contains(&chosen[2]), "{chosen:?}");
    }
}
