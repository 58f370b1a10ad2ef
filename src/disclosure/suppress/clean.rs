//! The clean-up after the search: hidden cells that are not needed are published again; it hides nothing.

use super::{SuppressError, flow::digits, secondary::Search};

/// Publishes each hidden cell that is not sensitive, the dearest first, where every doubt can still be established.
pub(super) fn clean(search: &mut Search<'_>) -> Result<(), SuppressError> {
    let doubts = search.doubts();
    let mut candidates: Vec<usize> = (0..search.hidden.len()).filter(|&cell| search.hidden[cell]).collect();
    candidates.retain(|cell| !search.is_sensitive(*cell));
    candidates.sort_by_key(|&cell| (std::cmp::Reverse(digits(search.table.cells[cell].value)), cell));
    for candidate in candidates {
        search.hidden[candidate] = false;
        let free = search.hidden.clone();
        let mut needed = false;
        for &(doubt, owed) in &doubts {
            if search.establish(doubt, owed, &free, Some(candidate))?.is_err() {
                needed = true;
                break;
            }
        }
        if needed {
            search.hidden[candidate] = true;
        } else {
            search.proofs.publish(candidate);
        }
    }
    Ok(())
}
