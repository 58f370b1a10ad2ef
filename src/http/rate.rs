//! How fast one client may ask (GCRA, a leaky bucket that needs one number): a table of fixed size, found by a keyed hash, so
//! that neither addresses nor keys are kept; what a refusal looks like is decided elsewhere.

use std::{
    fmt,
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

use axum::http::{HeaderName, HeaderValue, StatusCode};

use super::{Limits, client};

/// Buckets in each of two rows: 1 MiB in all. Two clients share their rate only if they meet in both rows, which chance alone
/// decides; with a thousand clients at their limit, another meets one of them in both in one of 4,000 cases.
const BUCKETS: usize = 1 << 16;

/// Keys that are known to open something.
const KEYS: usize = 1 << 12;

/// A 304 costs a quarter of another answer: three of four parts are given back.
const GIVEN_BACK_OF_304: (u64, u64) = (3, 4);

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// Whom a request is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum By {
    /// The address it comes from.
    Address,
    /// The key that it presents.
    Key,
}

impl By {
    /// As the policy is called.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Key => "key",
        }
    }
}

/// The rates of all clients.
pub(super) struct Rate {
    hasher: RandomState,
    /// When each bucket will be empty again, in nanoseconds from `begun`.
    rows: [Vec<AtomicU64>; 2],
    /// Hashes of keys that have opened something.
    keys: Vec<AtomicU64>,
    begun: Instant,
    /// What one request takes, in nanoseconds.
    step: u64,
    /// What a bucket holds, in nanoseconds.
    room: u64,
    policies: [HeaderValue; 2],
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rate({} ns, {} ns)", self.step, self.room)
    }
}

/// A request that has been counted.
#[derive(Debug)]
pub(super) struct Counted {
    by: By,
    places: [usize; 2],
    /// The hash of the key that the request presents.
    key: Option<u64>,
    /// What it takes, in nanoseconds.
    takes: u64,
    /// Nanoseconds until the bucket is empty.
    filled: u64,
    /// Nanoseconds until the request may be made, if it may not be made now.
    early: Option<u64>,
}

impl Rate {
    /// What the limits say; none where they set no rate.
    pub(super) fn new(limits: &Limits) -> Option<Self> {
        let (rate, burst) = (u64::from(limits.requests_per_second), u64::from(limits.requests_burst.max(1)));
        let step = 1_000_000_000_u64.checked_div(rate)?.max(1);
        let table = |places: usize| (0..places).map(|_| AtomicU64::new(0)).collect::<Vec<_>>();
        let policy = |by: By| {
            let text = format!("\"{}\";q={burst};w={}", by.word(), burst.div_ceil(rate));
            HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
        };
        Some(Self {
            hasher: RandomState::new(),
            rows: [table(BUCKETS), table(BUCKETS)],
            keys: table(KEYS),
            begun: Instant::now(),
            step,
            room: step.saturating_mul(burst),
            policies: [policy(By::Address), policy(By::Key)],
        })
    }

    /// Counts a request, which may weigh as much as several. A key counts for itself only once it has opened something: else whoever makes up keys would have as
    /// many rates as keys.
    pub(super) fn count(&self, address: Option<IpAddr>, bearer: Option<&str>, weight: u64) -> Option<Counted> {
        let now = u64::try_from(self.begun.elapsed().as_nanos()).unwrap_or(u64::MAX / 2);
        self.count_at(now, address, bearer, weight)
    }

    fn count_at(&self, now: u64, address: Option<IpAddr>, bearer: Option<&str>, weight: u64) -> Option<Counted> {
        let key = bearer.map(|key| self.hasher.hash_one((By::Key, key)));
        let (by, hash) = match key {
            Some(hash) if self.keys[key_place(hash)].load(Relaxed) == hash => (By::Key, hash),
            _ => (By::Address, self.hasher.hash_one((By::Address, client::network(address?)))),
        };
        let places = [hash as usize % BUCKETS, (hash >> 16) as usize % BUCKETS];
        let [first, second] = [&self.rows[0][places[0]], &self.rows[1][places[1]]];
        // of two requests in the same instant both may see the bucket without the other, which is not worth a lock
        // what weighs more than a bucket holds is let through when it is empty
        let takes = self.step.saturating_mul(weight).min(self.room);
        let due = first.load(Relaxed).min(second.load(Relaxed)).max(now) + takes;
        if due > now + self.room {
            return Some(Counted {
                by,
                places,
                key,
                takes,
                filled: due - takes - now,
                early: Some(due - now - self.room),
            });
        }
        first.fetch_max(due, Relaxed);
        second.fetch_max(due, Relaxed);
        Some(Counted { by, places, key, takes, filled: due - now, early: None })
    }

    /// Settles a request once its answer is known, and gives the fields that say how much is left
    /// (draft-ietf-httpapi-ratelimit-headers-10: the quota, its window, what is left of it and when it is whole again).
    pub(super) fn settle(
        &self,
        counted: &Counted,
        status: StatusCode,
        is_key_good: bool,
    ) -> [(HeaderName, HeaderValue); 2] {
        let mut filled = counted.filled;
        if status == StatusCode::NOT_MODIFIED {
            let back = counted.takes / GIVEN_BACK_OF_304.1 * GIVEN_BACK_OF_304.0;
            for (row, place) in self.rows.iter().zip(counted.places) {
                // never fails, since a value is always given
                let _ = row[place].fetch_update(Relaxed, Relaxed, |due| Some(due.saturating_sub(back)));
            }
            filled = filled.saturating_sub(back);
        }
        if let Some(hash) = counted.key.filter(|_| is_key_good) {
            self.keys[key_place(hash)].store(hash, Relaxed);
        }
        let left = self.room.saturating_sub(filled) / self.step;
        let state = format!("\"{}\";r={left};t={}", counted.by.word(), filled.div_ceil(1_000_000_000));
        let state = HeaderValue::try_from(state).unwrap_or_else(|_| HeaderValue::from_static(""));
        [(POLICY, self.policies[usize::from(counted.by == By::Key)].clone()), (STATE, state)]
    }
}

impl Counted {
    /// Whom it was counted for.
    pub(super) fn by(&self) -> By {
        self.by
    }

    /// How long to wait before asking again, if the request came too early.
    pub(super) fn early(&self) -> Option<Duration> {
        self.early.map(Duration::from_nanos)
    }
}

fn key_place(hash: u64) -> usize {
    (hash >> 32) as usize % KEYS
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn rate(requests_per_second: u32, requests_burst: u32) -> Rate {
        Rate::new(&Limits { requests_per_second, requests_burst, ..Limits::default() }).unwrap()
    }

    fn ip(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    /// How many requests of one client are let through at a time, before one is not.
    fn allowed(rate: &Rate, now: u64, address: &str, bearer: Option<&str>) -> usize {
        (0..1_000).take_while(|_| rate.count_at(now, ip(address), bearer, 1).unwrap().early().is_none()).count()
    }

    #[test]
    fn a_burst_and_then_a_rate() {
        let rate = rate(10, 40);
        assert_eq!(allowed(&rate, 0, "192.0.2.1", None), 40);
        let refused = rate.count_at(0, ip("192.0.2.1"), None, 1).unwrap();
        assert_eq!(refused.early(), Some(Duration::from_millis(100)));
        assert_eq!(allowed(&rate, SECOND / 10 - 1, "192.0.2.1", None), 0);
        assert_eq!(allowed(&rate, SECOND / 10, "192.0.2.1", None), 1);
        assert_eq!(allowed(&rate, SECOND + SECOND / 10, "192.0.2.1", None), 10);
        // a long pause saves up a burst and no more
        assert_eq!(allowed(&rate, 3_600 * SECOND, "192.0.2.1", None), 40);
    }

    #[test]
    fn each_network_has_its_own() {
        let rate = rate(1, 3);
        assert_eq!(allowed(&rate, 0, "192.0.2.1", None), 3);
        assert_eq!(allowed(&rate, 0, "192.0.2.2", None), 3);
        assert_eq!(allowed(&rate, 0, "2001:db8:0:1::1", None), 3);
        assert_eq!(allowed(&rate, 0, "2001:db8:0:1:ffff::2", None), 0);
        assert_eq!(allowed(&rate, 0, "2001:db8:0:2::1", None), 3);
        assert!(rate.count_at(0, None, None, 1).is_none(), "what came over no connection is not counted");
    }

    #[test]
    fn a_key_counts_for_itself_once_it_has_opened_something() {
        let rate = rate(1, 3);
        // made-up keys bring nothing
        assert_eq!(allowed(&rate, 0, "192.0.2.1", Some("one")), 3);
        assert_eq!(allowed(&rate, 0, "192.0.2.1", Some("two")), 0);
        let counted = rate.count_at(9 * SECOND, ip("192.0.2.1"), Some("good"), 1).unwrap();
        assert_eq!(counted.by(), By::Address);
        let [policy, state] = rate.settle(&counted, StatusCode::OK, true);
        assert_eq!(
            (policy.1.to_str().unwrap(), state.1.to_str().unwrap()),
            ("\"address\";q=3;w=3", "\"address\";r=2;t=1")
        );
        let counted = rate.count_at(9 * SECOND, ip("192.0.2.1"), Some("good"), 1).unwrap();
        assert_eq!(counted.by(), By::Key);
        let [policy, _] = rate.settle(&counted, StatusCode::OK, true);
        assert_eq!(policy.1, "\"key\";q=3;w=3");
        // from wherever it is used
        assert_eq!(allowed(&rate, 9 * SECOND, "192.0.2.9", Some("good")), 2);
        assert_eq!(allowed(&rate, 9 * SECOND, "192.0.2.1", None), 2, "and the address keeps what is its own");
    }

    #[test]
    fn a_304_costs_a_quarter() {
        let rate = rate(1, 2);
        for _ in 0..4 {
            let counted = rate.count_at(0, ip("192.0.2.1"), None, 1).unwrap();
            assert_eq!(counted.early(), None);
            rate.settle(&counted, StatusCode::NOT_MODIFIED, false);
        }
        assert_eq!(allowed(&rate, 0, "192.0.2.1", None), 1);
    }

    #[test]
    fn a_query_weighs_more_and_is_let_through_all_the_same() {
        let rate = rate(1, 12);
        assert!(rate.count_at(0, ip("192.0.2.1"), None, 10).unwrap().early().is_none());
        assert!(rate.count_at(0, ip("192.0.2.1"), None, 10).unwrap().early().is_some());
        assert_eq!(allowed(&rate, 0, "192.0.2.1", None), 2);
        assert!(rate.count_at(0, ip("192.0.2.2"), None, 100).unwrap().early().is_none());
    }

    #[test]
    fn no_clock_and_no_rate_overflow() {
        let rate = rate(u32::MAX, u32::MAX);
        assert!(rate.count_at(u64::MAX / 2, ip("192.0.2.1"), None, 1).unwrap().early().is_none());
        let slow =
            Rate::new(&Limits { requests_per_second: 1, requests_burst: u32::MAX, ..Limits::default() }).unwrap();
        assert!(slow.count_at(u64::MAX / 2, ip("192.0.2.1"), None, 1).unwrap().early().is_none());
        assert!(Rate::new(&Limits { requests_per_second: 0, ..Limits::default() }).is_none());
    }
}
