//! The two wrappers that keep private and public apart; which values may change sides is decided by the rest of `disclosure`.

use std::fmt;

/// A value that could tell something about an organisation or a person. Anybody may wrap; only `disclosure` looks inside.
///
/// It has no `Display`, `Serialize` or `Deref`, and its `Debug` shows nothing:
///
/// ```
/// let secret = mognad::disclosure::Unprotected::new(41);
/// assert_eq!(format!("{secret:?}"), "[REDACTED]");
/// ```
/// ```compile_fail
/// let secret = mognad::disclosure::Unprotected::new(41);
/// println!("{secret}");
/// ```
/// ```compile_fail
/// let secret = mognad::disclosure::Unprotected::new(41);
/// let seen: &i32 = secret.expose();
/// ```
/// ```compile_fail
/// let secret = mognad::disclosure::Unprotected::new(41);
/// let seen: i32 = *secret;
/// ```
/// ```compile_fail
/// let secret = mognad::disclosure::Unprotected::new(41);
/// serde_json::to_string(&secret);
/// ```
/// The same program with the wrapped value itself compiles, so that it is the wrapper that refuses:
/// ```
/// let open = 41;
/// println!("{open}");
/// serde_json::to_string(&open).unwrap();
/// ```
#[derive(Clone)]
pub struct Unprotected<T>(T);

impl<T> Unprotected<T> {
    /// Wraps a value; wrapping is always safe.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Computes on the value without letting it out. Called in `ingest`, `microdata` and `score` only (a test sees to it):
    /// elsewhere a closure could log or copy what it sees.
    pub fn map<U>(self, compute: impl FnOnce(T) -> U) -> Unprotected<U> {
        Unprotected(compute(self.0))
    }

    /// Like [`Unprotected::map`], for a computation that waits.
    pub async fn map_async<U, E, F: Future<Output = Result<U, E>>>(
        self,
        compute: impl FnOnce(T) -> F,
    ) -> Result<Unprotected<U>, E> {
        compute(self.0).await.map(Unprotected)
    }

    pub(in crate::disclosure) fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Unprotected<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

/// A value that may be published. Only `disclosure` makes one, and anybody may look.
///
/// There is no other way to have one: no public constructor, no `From`, no `Default`, no `map`, no `Deserialize`.
///
/// ```compile_fail
/// let safe = mognad::disclosure::Safe::seal(41);
/// ```
/// ```compile_fail
/// let safe = mognad::disclosure::Safe(41);
/// ```
/// ```compile_fail
/// let safe: mognad::disclosure::Safe<i32> = 41.into();
/// ```
/// ```compile_fail
/// let safe: mognad::disclosure::Safe<i32> = Default::default();
/// ```
/// ```compile_fail
/// fn change(safe: mognad::disclosure::Safe<i32>) {
///     safe.map(|value| value + 1);
/// }
/// ```
/// ```compile_fail
/// let safe: mognad::disclosure::Safe<i32> = serde_json::from_str("41").unwrap();
/// ```
/// Looking is allowed:
/// ```
/// fn look(safe: &mognad::disclosure::Safe<i32>) -> i32 {
///     *safe.get()
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Safe<T>(T);

impl<T> Safe<T> {
    pub(in crate::disclosure) fn seal(value: T) -> Self {
        Self(value)
    }

    /// The value.
    pub fn get(&self) -> &T {
        &self.0
    }
}
