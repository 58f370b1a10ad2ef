//! Limits of one query in one place, and why each is what it is; they are kept by the gate, the engine and the workers.

use serde::{Deserialize, Serialize};

/// What one query may have and take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryLimits {
    /// Its text, in bytes.
    pub text_bytes_max: usize,
    /// From its start to its last byte, in milliseconds.
    pub time_ms: u64,
    /// Rows of its answer.
    pub rows_max: usize,
    /// Its answer, in bytes, in memory and as sent.
    pub bytes_max: usize,
    /// Memory that the engine may reserve for it, in bytes.
    pub memory_bytes_max: usize,
    /// Address space of the process that runs it, in bytes: what stops memory that the engine does not count.
    pub address_space_bytes_max: u64,
    /// Queries that run at once.
    pub at_once_max: usize,
    /// Queries that wait for their turn.
    pub waiting_max: usize,
    /// How long they wait, in milliseconds.
    pub wait_ms: u64,
}

/// Workers at most, however many processors there are: each may take as much memory as its limit says.
const WORKERS_MAX: usize = 4;

impl Default for QueryLimits {
    fn default() -> Self {
        Self {
            text_bytes_max: 32 * 1024,
            time_ms: 5_000,
            rows_max: 100_000,
            bytes_max: 16 * 1024 * 1024,
            memory_bytes_max: 512 * 1024 * 1024,
            address_space_bytes_max: 3 * 1024 * 1024 * 1024,
            // workers have the last turn on a processor, so that figures do not wait for them
            at_once_max: std::thread::available_parallelism().map_or(1, usize::from).min(WORKERS_MAX),
            // a class of students, each of whom asks what takes a few milliseconds
            waiting_max: 16,
            wait_ms: 2_000,
        }
    }
}

/// Tokens of a text: what the parser reads takes time that grows with them, and it cannot be interrupted.
pub(super) const TOKENS_MAX: usize = 8_000;
/// Parentheses within each other.
pub(super) const PARENTHESES_DEEP_MAX: usize = 50;
/// Parts of the syntax tree.
pub(super) const PARTS_MAX: usize = 2_000;
/// Parts within each other, of which a chain of operators is the longest: planning a chain of 2,000 ends a process.
pub(super) const DEEP_MAX: usize = 200;
/// Tables named, once every `with` stands where it is used: 2^17 of them are a minute of planning.
pub(super) const TABLES_MAX: usize = 32;
/// Joins: 300 are sixteen seconds of planning.
pub(super) const JOINS_MAX: usize = 8;
/// Queries named by `with`.
pub(super) const WITH_MAX: usize = 16;
/// Queries put together by `union`, `intersect` and `except`.
pub(super) const UNITED_MAX: usize = 32;
/// Values of one list after `in`.
pub(super) const LIST_MAX: usize = 1_000;
/// Cases of one `case`.
pub(super) const CASES_MAX: usize = 64;
/// Columns of a query.
pub(super) const COLUMNS_MAX: usize = 200;
/// Rows after `values`.
pub(super) const VALUES_MAX: usize = 1_000;
/// Window functions.
pub(super) const WINDOWS_MAX: usize = 4;
/// Sets that `grouping sets`, `rollup` and `cube` group by together: a cube of twenty columns is a minute of planning.
pub(super) const GROUPING_SETS_MAX: usize = 64;
/// Arguments of one function.
pub(super) const ARGUMENTS_MAX: usize = 64;
/// The pattern of `like`, in bytes.
pub(super) const PATTERN_BYTES_MAX: usize = 100;
/// One text of an answer, in bytes.
pub(super) const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Rows of the smaller side of a join without equality.
pub(super) const PAIRED_ROWS_MAX: usize = 1_000;
