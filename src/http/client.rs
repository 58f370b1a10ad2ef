//! Who sends a request: the network it comes from, behind proxies or not, and the key it presents; what a client may do is decided elsewhere.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, HeaderName, header},
};

/// The field in which proxies tell whom they ask for. `Forwarded` (RFC 7239) is not read: few proxies write it.
pub(super) const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client; none for a request that came over no connection.
///
/// Each of the proxies in front appends the address that it was asked from, so the entry at the place of their number,
/// counted from the right, was written by the outermost of them, and all before it by whoever asked. Where there are fewer
/// entries, or that one is no address, the request did not pass through all proxies and counts as the peer's own.
pub(super) fn address(extensions: &Extensions, headers: &HeaderMap, trusted_proxies: usize) -> Option<IpAddr> {
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    if trusted_proxies == 0 {
        return Some(peer.ip());
    }
    let entries =
        headers.get_all(FORWARDED_FOR).iter().rev().flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
    let entry =
        entries.into_iter().nth(trusted_proxies - 1).and_then(|entry| str::from_utf8(entry).ok()).and_then(parsed);
    Some(entry.unwrap_or(peer.ip()))
}

/// An address with or without a port, as proxies write it.
fn parsed(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = entry.strip_prefix('[').and_then(|entry| entry.strip_suffix(']')).unwrap_or(entry);
    bare.parse().ok().or_else(|| entry.parse().ok().map(|socket: SocketAddr| socket.ip()))
}

/// What one subscriber holds: an IPv4 address, or an IPv6 /64, of which a subscriber has every address.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The neighbourhood of an address, /24 or /48, which is all of it that is written down.
pub(super) fn neighbourhood(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, third, _] = address.octets();
            format!("{first}.{second}.{third}.0/24")
        }
        IpAddr::V6(address) => format!("{}/48", Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 80))),
    }
}

/// What stands in `Authorization: Bearer …`, if there is one such field.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_client_is_counted_from_the_right() {
        let check = |trusted: usize, values: &[&str], expected: &str| {
            let mut extensions = Extensions::new();
            extensions.insert(ConnectInfo(SocketAddr::new(ip("10.0.0.1"), 4711)));
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(FORWARDED_FOR, value.parse().unwrap());
            }
            assert_eq!(address(&extensions, &headers, trusted), Some(ip(expected)), "{trusted} {values:?}");
        };
        // nobody is believed unless told
        check(0, &["192.0.2.1"], "10.0.0.1");
        check(1, &["192.0.2.1"], "192.0.2.1");
        // what a client writes itself stands to the left
        check(1, &["198.51.100.7, 192.0.2.1"], "192.0.2.1");
        check(2, &["198.51.100.7, 192.0.2.1, 10.0.0.2"], "192.0.2.1");
        // fields of one name are one list
        check(1, &["198.51.100.7", "192.0.2.1"], "192.0.2.1");
        check(2, &["198.51.100.7, 192.0.2.1", "10.0.0.2"], "192.0.2.1");
        // ports
        check(1, &["192.0.2.1:8080"], "192.0.2.1");
        check(1, &["[2001:db8::1]:8080"], "2001:db8::1");
        check(1, &["[2001:db8::1]"], "2001:db8::1");
        check(1, &["2001:db8::1"], "2001:db8::1");
        // too few, or none that can be read
        check(1, &[], "10.0.0.1");
        check(2, &["192.0.2.1"], "10.0.0.1");
        check(1, &["192.0.2.1, unknown"], "10.0.0.1");
        check(1, &["192.0.2.1,"], "10.0.0.1");
        check(1, &[""], "10.0.0.1");
        assert_eq!(address(&Extensions::new(), &HeaderMap::new(), 0), None);
    }

    #[test]
    fn one_subscriber_is_one_network() {
        for (one, other, same) in [
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true),
            ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
        ] {
            assert_eq!(network(ip(one)) == network(ip(other)), same, "{one} and {other}");
        }
    }

    #[test]
    fn of_an_address_its_neighbourhood_is_written_down() {
        assert_eq!(neighbourhood(ip("192.0.2.77")), "192.0.2.0/24");
        assert_eq!(neighbourhood(ip("::ffff:192.0.2.77")), "192.0.2.0/24");
        assert_eq!(neighbourhood(ip("2001:db8:1:2::77")), "2001:db8:1::/48");
    }
}
