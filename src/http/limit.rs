//! Every limit of the service in one place: its value, its unit and what it is in words; each is kept where it applies.

use std::io;

use super::{guard, parameter};
use crate::{encode, query::QueryLimits};

/// What one peer, and all of them together, may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte of a request to the end of its header, in milliseconds.
    pub header_read_ms: u64,
    /// From accepting a connection to its first byte, in milliseconds.
    pub first_byte_ms: u64,
    /// From accepting a connection to the end of its TLS handshake, in milliseconds.
    pub handshake_ms: u64,
    /// From the end of a request's header to the end of its body, in milliseconds.
    pub body_read_ms: u64,
    /// How long making an answer may take, in milliseconds.
    pub answer_ms: u64,
    /// How long a pending write may make no progress that the kernel reports, in milliseconds.
    pub write_stall_ms: u64,
    /// From the end of an answer to the first byte of the next request, in milliseconds.
    pub idle_ms: u64,
    /// How long requests in flight may take to finish once told to stop, in milliseconds.
    pub drain_ms: u64,
    /// Open connections.
    pub connections_max: usize,
    /// Open connections from one IPv4 address or IPv6 /64. Behind a proxy, all of them come from its address.
    pub connections_per_address_max: usize,
    /// Request line and header fields of one request, in bytes.
    pub header_bytes_max: usize,
    /// Header fields of one request.
    pub headers_max: usize,
    /// The body of one request, in bytes.
    pub body_bytes_max: usize,
    /// Cells of one answer of the `PxWeb` face.
    pub data_cells_max: usize,
    /// Requests that are answered at once.
    pub requests_at_once_max: usize,
    /// How long a request waits until it is among those, in milliseconds.
    pub queue_wait_ms: u64,
    /// Requests of one client in a second, over time; with 0 there is no such limit.
    pub requests_per_second: u32,
    /// Requests of one client at once, after a pause.
    pub requests_burst: u32,
    /// Proxies in front, each of which appends to `X-Forwarded-For`: the client is the entry at this place from the right.
    pub trusted_proxies: usize,
    /// What a query in SQL may have and take.
    pub query: QueryLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_read_ms: 10_000,
            first_byte_ms: 10_000,
            handshake_ms: 10_000,
            body_read_ms: 10_000,
            answer_ms: 10_000,
            write_stall_ms: 30_000,
            idle_ms: 30_000,
            drain_ms: 20_000,
            connections_max: 512,
            connections_per_address_max: 32,
            header_bytes_max: 16 * 1024,
            headers_max: 64,
            body_bytes_max: 64 * 1024,
            // as many as Statistics Sweden gives
            data_cells_max: 150_000,
            requests_at_once_max: 256,
            queue_wait_ms: 250,
            requests_per_second: 10,
            requests_burst: 40,
            trusted_proxies: 0,
            query: QueryLimits::default(),
        }
    }
}

impl Limits {
    /// Refuses limits that nobody could keep.
    pub(super) fn check(&self) -> io::Result<()> {
        let named = [
            ("header_read_ms", self.header_read_ms == 0),
            ("first_byte_ms", self.first_byte_ms == 0),
            ("handshake_ms", self.handshake_ms == 0),
            ("body_read_ms", self.body_read_ms == 0),
            ("answer_ms", self.answer_ms == 0),
            ("write_stall_ms", self.write_stall_ms == 0),
            ("idle_ms", self.idle_ms == 0),
            ("connections_max", self.connections_max == 0),
            ("connections_per_address_max", self.connections_per_address_max == 0),
            ("header_bytes_max", self.header_bytes_max == 0),
            ("headers_max", self.headers_max == 0),
            ("requests_at_once_max", self.requests_at_once_max == 0),
            ("requests_burst", self.requests_per_second > 0 && self.requests_burst == 0),
        ];
        named.iter().find(|(_, zero)| *zero).map_or(Ok(()), |(name, _)| {
            let message = format!("{name} is 0, which would refuse every request: set it to 1 or more");
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        })
    }
}

/// A limit as it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Its name, which does not change.
    pub name: &'static str,
    /// Its value.
    pub value: u64,
    /// What the value counts: one of eight words, such as `requests/s`.
    pub unit: &'static str,
    /// What it is and what happens beyond it: Swedish, English.
    pub text: [&'static str; 2],
}

/// What limits count: the word of the API, and what it is called: Swedish, English.
const UNITS: [(&str, [&str; 2]); 8] = [
    ("bytes", ["byte", "bytes"]),
    ("cells", ["celler", "cells"]),
    ("connections", ["anslutningar", "connections"]),
    ("fields", ["huvuden", "fields"]),
    ("ms", ["ms", "ms"]),
    ("requests", ["begäranden", "requests"]),
    ("requests/s", ["begäranden/s", "requests/s"]),
    ("rows", ["rader", "rows"]),
];

impl Limit {
    /// What the unit is called: Swedish, English.
    pub fn unit_name(&self) -> [&'static str; 2] {
        let known = UNITS.iter().find(|(unit, _)| *unit == self.unit);
        known.map_or([self.unit; 2], |(_, name)| *name)
    }
}

/// A line of the list: name, unit, value (none where the limit is switched off) and text.
struct Line(&'static str, &'static str, fn(&Limits) -> Option<u64>, [&'static str; 2]);

/// The one list.
static LINES: &[Line] = &[
    Line(
        "requests-per-second",
        "requests/s",
        |limits| (limits.requests_per_second > 0).then_some(limits.requests_per_second.into()),
        [
            "Begäranden i sekunden från en adress (IPv6: ett /64-nät), över tid; en nyckel som öppnat resultat räknas för sig. \
             Svaret 304 räknas som en fjärdedel och en fråga i SQL som tio; /health, /ready och OPTIONS räknas inte. Över gränsen: 429 med Retry-After.",
            "Requests a second from one address (IPv6: a /64 network), over time; a key that has opened results is counted by \
             itself. A 304 counts as a quarter and a query in SQL as ten; /health, /ready and OPTIONS do not count. Beyond it: 429 with Retry-After.",
        ],
    ),
    Line(
        "requests-burst",
        "requests",
        |limits| (limits.requests_per_second > 0).then_some(limits.requests_burst.into()),
        [
            "Begäranden som får komma på en gång efter en paus. Över gränsen: 429 med Retry-After.",
            "Requests that may come at once after a pause. Beyond it: 429 with Retry-After.",
        ],
    ),
    Line(
        "requests-at-once",
        "requests",
        |limits| Some(limits.requests_at_once_max as u64),
        [
            "Begäranden som besvaras samtidigt, från alla tillsammans. Över gränsen, efter en kort väntan: 503 med Retry-After.",
            "Requests that are answered at once, from everybody together. Beyond it, after a short wait: 503 with Retry-After.",
        ],
    ),
    Line(
        "queue-wait",
        "ms",
        |limits| Some(limits.queue_wait_ms),
        [
            "Hur länge en begäran väntar på sin tur innan svaret blir 503.",
            "How long a request waits for its turn before it gets a 503.",
        ],
    ),
    Line(
        "url-bytes",
        "bytes",
        |_| Some(guard::URI_BYTES_MAX as u64),
        [
            "Adressens längd; håll den helst under 2 048. Över gränsen: 414.",
            "Length of the address; better keep it below 2,048. Beyond it: 414.",
        ],
    ),
    Line(
        "header-bytes",
        "bytes",
        |limits| Some(limits.header_bytes_max as u64),
        ["Adress och huvuden tillsammans. Över gränsen: 431.", "Address and header fields together. Beyond it: 431."],
    ),
    Line(
        "header-fields",
        "fields",
        |limits| Some(limits.headers_max as u64),
        ["Huvuden i en begäran. Över gränsen: 431.", "Header fields of a request. Beyond it: 431."],
    ),
    Line(
        "body-bytes",
        "bytes",
        |limits| Some(limits.body_bytes_max as u64),
        ["Innehållet i en begäran. Över gränsen: 413.", "The content of a request. Beyond it: 413."],
    ),
    Line(
        "header-time",
        "ms",
        |limits| Some(limits.header_read_ms),
        [
            "Från begärans första byte till slutet av dess huvuden. Därefter stängs anslutningen.",
            "From a request's first byte to the end of its header. Then the connection is closed.",
        ],
    ),
    Line(
        "body-time",
        "ms",
        |limits| Some(limits.body_read_ms),
        [
            "Att ta emot innehållet i en begäran. Över gränsen: 408.",
            "Receiving the content of a request. Beyond it: 408.",
        ],
    ),
    Line(
        "answer-time",
        "ms",
        |limits| Some(limits.answer_ms),
        ["Att göra ett svar. Över gränsen: 503.", "Making an answer. Beyond it: 503."],
    ),
    Line(
        "write-stall",
        "ms",
        |limits| Some(limits.write_stall_ms),
        [
            "Hur länge en läsare får låta bli att ta emot något av sitt svar. Därefter stängs anslutningen.",
            "How long a reader may take nothing of its answer. Then the connection is closed.",
        ],
    ),
    Line(
        "idle",
        "ms",
        |limits| Some(limits.idle_ms),
        [
            "Hur länge en anslutning får vara öppen utan begäran. Därefter stängs den.",
            "How long a connection may stay open without a request. Then it is closed.",
        ],
    ),
    Line(
        "connections-per-address",
        "connections",
        |limits| Some(limits.connections_per_address_max as u64),
        [
            "Öppna anslutningar från en adress (IPv6: ett /64-nät). Fler stängs obesvarade.",
            "Open connections from one address (IPv6: a /64 network). More are closed unanswered.",
        ],
    ),
    Line(
        "rows",
        "rows",
        |_| Some(parameter::ROWS_MAX as u64),
        [
            "Rader i ett svar, alltså det högsta värdet av limit. Över gränsen: 400.",
            "Rows of one answer, that is the greatest value of limit. Beyond it: 400.",
        ],
    ),
    Line(
        "pxweb-cells",
        "cells",
        |limits| Some(limits.data_cells_max as u64),
        ["Celler i ett svar från /pxweb. Över gränsen: 403.", "Cells of one answer of /pxweb. Beyond it: 403."],
    ),
    Line(
        "cells",
        "cells",
        |_| Some(encode::CELLS_MAX as u64),
        [
            "Celler i ett svar i statistikformat. Över gränsen: 422.",
            "Cells of one answer in a statistical format. Beyond it: 422.",
        ],
    ),
    Line(
        "query-text",
        "bytes",
        |limits| Some(limits.query.text_bytes_max as u64),
        ["En frågas text i SQL. Över gränsen: 413.", "The text of a query in SQL. Beyond it: 413."],
    ),
    Line(
        "query-time",
        "ms",
        |limits| Some(limits.query.time_ms),
        [
            "Från frågans början till svarets sista byte. Över gränsen: 422.",
            "From the query's start to the last byte of its answer. Beyond it: 422.",
        ],
    ),
    Line(
        "query-rows",
        "rows",
        |limits| Some(limits.query.rows_max as u64),
        ["Rader i svaret på en fråga. Över gränsen: 422.", "Rows of the answer to a query. Beyond it: 422."],
    ),
    Line(
        "query-bytes",
        "bytes",
        |limits| Some(limits.query.bytes_max as u64),
        ["Svaret på en fråga. Över gränsen: 422.", "The answer to a query. Beyond it: 422."],
    ),
    Line(
        "query-memory",
        "bytes",
        |limits| Some(limits.query.memory_bytes_max as u64),
        ["Minne för en fråga. Över gränsen: 422.", "Memory for a query. Beyond it: 422."],
    ),
    Line(
        "queries-at-once",
        "requests",
        |limits| Some(limits.query.at_once_max as u64),
        [
            "Frågor som körs samtidigt, från alla tillsammans. Fler får vänta.",
            "Queries that run at once, from everybody together. More have to wait.",
        ],
    ),
    Line(
        "queries-waiting",
        "requests",
        |limits| Some(limits.query.waiting_max as u64),
        [
            "Frågor som väntar på sin tur. Över gränsen: 503 med Retry-After.",
            "Queries that wait for their turn. Beyond it: 503 with Retry-After.",
        ],
    ),
    Line(
        "query-wait",
        "ms",
        |limits| Some(limits.query.wait_ms),
        [
            "Hur länge en fråga väntar på sin tur innan svaret blir 503.",
            "How long a query waits for its turn before it gets a 503.",
        ],
    ),
];

/// Every limit in force, in the order in which people ask for them.
pub fn published(limits: &Limits) -> Vec<Limit> {
    let limit = |line: &Line| {
        let Line(name, unit, value, text) = *line;
        Some(Limit { name, unit, text, value: value(limits)? })
    };
    LINES.iter().filter_map(limit).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_limit_has_a_name_of_its_own_and_both_languages() {
        let limits = published(&Limits::default());
        let names: BTreeSet<&str> = limits.iter().map(|limit| limit.name).collect();
        assert_eq!(names.len(), limits.len());
        for limit in limits {
            assert!(UNITS.iter().any(|(unit, _)| *unit == limit.unit), "{limit:?}");
            assert!(limit.value > 0 && limit.text.iter().all(|text| text.ends_with('.')), "{limit:?}");
        }
    }

    #[test]
    fn what_is_switched_off_is_not_published() {
        let without = published(&Limits { requests_per_second: 0, ..Limits::default() });
        assert!(without.iter().all(|limit| limit.name != "requests-per-second" && limit.name != "requests-burst"));
        assert!(without.iter().any(|limit| limit.name == "body-bytes" && limit.value == 65_536));
    }
}
