//! Points at which a test can have the process killed; they do nothing in release builds.

/// Where the process may be killed. In builds with debug assertions the environment variable `MOGNAD_KILL_AT=n` makes the
/// n-th point reached the last: the process sends itself SIGKILL, as a loss of power or an out-of-memory killer would.
pub fn kill_point(_what: &'static str) {
    #[cfg(debug_assertions)]
    {
        use std::sync::{
            OnceLock,
            atomic::{AtomicU64, Ordering},
        };
        static LAST: OnceLock<Option<u64>> = OnceLock::new();
        static REACHED: AtomicU64 = AtomicU64::new(0);
        let last = LAST.get_or_init(|| std::env::var("MOGNAD_KILL_AT").ok()?.parse().ok());
        if let Some(last) = last
            && REACHED.fetch_add(1, Ordering::SeqCst) + 1 == *last
        {
            let killed = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
            tracing::error!(?killed, "kill point reached");
            std::process::abort();
        }
    }
}
