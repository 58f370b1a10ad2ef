//! Work on a list divided among threads; each part is computed by itself, so that the number of threads changes no result.

use std::{panic::resume_unwind, thread};

/// What `compute` makes of the parts of a list, one after the other; as many parts as there are cores.
pub(super) fn in_shares<T: Sync, R: Send>(items: &[T], compute: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let share = items.len().div_ceil(thread::available_parallelism().map_or(1, usize::from)).max(1);
    thread::scope(|scope| {
        let threads: Vec<_> = items.chunks(share).map(|own| scope.spawn(|| compute(own))).collect();
        threads.into_iter().flat_map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}
