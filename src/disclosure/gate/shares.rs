//! Work on a list divided among threads; each part is computed by itself, so that the number of threads changes no result.

use std::{panic::resume_unwind, thread};

/// What `compute` makes of the parts of a list, one after the other; as many parts as there are cores.
pub(super) fn in_shares<T: Sync, R: Send>(items: &[T], compute: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let share = items.len().div_ceil(cores()).max(1);
    thread::scope(|scope| {
        let threads: Vec<_> = items.chunks(share).map(|own| scope.spawn(|| compute(own))).collect();
        threads.into_iter().flat_map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// What `compute` makes of each of the first numbers, where later ones are more work: every share has some of all.
pub(super) fn in_turns<R: Send>(count: usize, compute: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let turns = cores();
    let order: Vec<usize> = (0..turns).flat_map(|turn| (turn..count).step_by(turns)).collect();
    let mut found: Vec<(usize, R)> =
        in_shares(&order, |own| own.iter().map(|&number| (number, compute(number))).collect());
    found.sort_unstable_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, result)| result).collect()
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_list() {
        for count in [0, 1, 2, 7, 40] {
            let squares: Vec<usize> = (0..count).map(|number| number * number).collect();
            assert_eq!(in_turns(count, |number| number * number), squares);
            let all: Vec<usize> = (0..count).collect();
            assert_eq!(in_shares(&all, |own| own.iter().map(|number| number * number).collect()), squares);
        }
    }
}
