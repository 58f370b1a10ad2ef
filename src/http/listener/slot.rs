//! How many connections are open, in all and from each network; addresses live here only as long as a connection does.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::client::network;

/// The slots that connections take.
pub(super) struct Slots {
    all: Arc<Semaphore>,
    networks: Networks,
    per_network_max: usize,
}

type Networks = Arc<Mutex<HashMap<IpAddr, usize>>>;

impl Slots {
    /// So many slots in all, and so many for each network.
    pub(super) fn new(max: usize, per_network_max: usize) -> Self {
        let all = Arc::new(Semaphore::new(max.min(Semaphore::MAX_PERMITS)));
        Self { all, networks: Networks::default(), per_network_max }
    }

    /// A slot for a connection from `address`, or none when there is no room for it.
    pub(super) fn take(&self, address: IpAddr) -> Option<Slot> {
        let permit = Arc::clone(&self.all).try_acquire_owned().ok()?;
        let network = network(address);
        let mut networks = lock(&self.networks);
        let open = networks.get(&network).copied().unwrap_or(0);
        if open >= self.per_network_max {
            return None;
        }
        networks.insert(network, open + 1);
        drop(networks);
        Some(Slot { network, networks: Arc::clone(&self.networks), _permit: permit })
    }
}

/// One connection's place, given back when dropped.
pub(super) struct Slot {
    network: IpAddr,
    networks: Networks,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut networks = lock(&self.networks);
        match networks.get_mut(&self.network) {
            Some(open) if *open > 1 => *open -= 1,
            _ => {
                networks.remove(&self.network);
            }
        }
    }
}

/// No step under the lock can leave a count half-written, so a poisoned lock is as good as a whole one.
fn lock(networks: &Networks) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    networks.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn slots_are_counted_in_all_and_for_each_network() {
        let slots = Slots::new(3, 2);
        let first = slots.take(address("192.0.2.1")).unwrap();
        let second = slots.take(address("192.0.2.1")).unwrap();
        assert!(slots.take(address("192.0.2.1")).is_none(), "two for each network");
        let third = slots.take(address("192.0.2.2")).unwrap();
        assert!(slots.take(address("192.0.2.3")).is_none(), "three in all");
        drop(first);
        let fourth = slots.take(address("192.0.2.1")).unwrap();
        drop((second, third, fourth));
        assert!(lock(&slots.networks).is_empty(), "no address is kept without a connection");
    }

    #[test]
    fn a_refused_connection_takes_nothing() {
        let slots = Slots::new(2, 1);
        let _kept = slots.take(address("192.0.2.1")).unwrap();
        for _ in 0..3 {
            assert!(slots.take(address("192.0.2.1")).is_none());
        }
        assert!(slots.take(address("192.0.2.2")).is_some());
    }
}
