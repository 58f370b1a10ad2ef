//! What the system allows a worker: no files, no network, little memory and time, the last turn on the processor, and no life
//! after its parent's. Every step is taken by the process itself, before it sees a query.

use std::{io, sync::Once};

use landlock::{ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _};
use rustix::{
    process::{Resource, Rlimit, Signal, getrlimit, nice, set_parent_process_death_signal, setrlimit},
    time::{ClockId, clock_gettime},
};

use crate::query::QueryLimits;

/// Open files: its three pipes, and what the system's libraries open now and then.
const FILES_MAX: u64 = 64;

/// How much less than others a worker gets of a processor that all want.
const NICENESS: i32 = 10;

/// Confines the process; once.
pub(super) fn process(limits: &QueryLimits) -> io::Result<()> {
    static ONCE: Once = Once::new();
    let mut done = Ok(());
    ONCE.call_once(|| done = all(limits));
    done
}

fn all(limits: &QueryLimits) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    nice(NICENESS)?;
    limit(Resource::As, limits.address_space_bytes_max)?;
    limit(Resource::Nofile, FILES_MAX)?;
    // pipes are no files: answers go on
    limit(Resource::Fsize, 0)?;
    limit(Resource::Core, 0)?;
    alone()
}

/// Sets a limit for good, or leaves a lower one.
fn limit(resource: Resource, value: u64) -> io::Result<()> {
    let value = getrlimit(resource).maximum.map_or(value, |maximum| maximum.min(value));
    Ok(setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) })?)
}

/// Takes away files and network where the kernel can (Landlock, Linux 5.13 and later). Elsewhere the engine's having no way to
/// name a file is what there is.
fn alone() -> io::Result<()> {
    let abi = ABI::V5;
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))
        .and_then(|ruleset| ruleset.handle_access(AccessNet::from_all(abi)))
        .and_then(landlock::Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self);
    ruleset.map(|_| ()).map_err(io::Error::other)
}

/// Gives the process as much processor time for its next query as it may have: what ends it should its parent not.
pub(super) fn query(limits: &QueryLimits) -> io::Result<()> {
    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    let more = limits.time_ms.div_ceil(1_000) * 2 + 1;
    let maximum = getrlimit(Resource::Cpu).maximum;
    Ok(setrlimit(Resource::Cpu, Rlimit { current: Some(used + more), maximum })?)
}
