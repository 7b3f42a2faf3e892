//! Whose address a request comes from. What a client writes into `X-Forwarded-For` is believed only as far as trusted
//! proxies (`http.trusted_proxies`) handed it on: read from the right, the first address that is none of theirs.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::{HttpRequest, dev::ServiceRequest, http::header::HeaderMap};

/// A network: an address and how many of its first bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Net {
    address: IpAddr,
    bits: u32,
}

impl Net {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address.parse().ok()?, Some(bits.parse().ok()?)),
            None => (text.parse().ok()?, None),
        };
        let most = if matches!(address, IpAddr::V4(_)) { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then_some(Self { address, bits })
    }

    fn holds(&self, address: IpAddr) -> bool {
        let (ours, theirs, most) = match (self.address, address) {
            (IpAddr::V4(a), IpAddr::V4(b)) => (a.to_bits().into(), b.to_bits().into(), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits(), 128),
            _ => return false,
        };
        let rest = most - self.bits;
        u128::checked_shr(ours, rest) == u128::checked_shr(theirs, rest)
    }
}

/// Nets as an operator writes them.
///
/// # Errors
/// Names the part that is none.
pub fn nets(text: &str) -> Result<Vec<Net>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| Net::parse(part).ok_or_else(|| format!("{part:?} is no address and no net")))
        .collect()
}

/// The caller's address, given who is trusted.
pub fn caller(trusted: &[Net], peer: IpAddr, forwarded: &[&str]) -> IpAddr {
    let trusts = |address: IpAddr| trusted.iter().any(|net| net.holds(address));
    let mut caller = peer.to_canonical();
    let hops = forwarded.iter().flat_map(|line| line.split(',')).map(str::trim);
    for hop in hops.collect::<Vec<_>>().into_iter().rev() {
        if !trusts(caller) {
            break;
        }
        match hop.parse::<IpAddr>() {
            Ok(address) => caller = address.to_canonical(),
            Err(_) => break,
        }
    }
    caller
}

/// What is counted as one address: a household of IPv6 has a whole /64.
pub fn counted(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).into(),
    }
}

fn of(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[Net]) -> IpAddr {
    let forwarded: Vec<_> =
        headers.get_all("X-Forwarded-For").filter_map(|line| line.to_str().ok()).collect();
    let peer = peer.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
    counted(caller(trusted, peer, &forwarded))
}

/// The same of a request on its way in.
pub fn of_service(request: &ServiceRequest, trusted: &[Net]) -> IpAddr {
    of(request.peer_addr().map(|peer| peer.ip()), request.headers(), trusted)
}

/// The same of a request in a handler.
pub fn of_request(request: &HttpRequest, trusted: &[Net]) -> IpAddr {
    of(request.peer_addr().map(|peer| peer.ip()), request.headers(), trusted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        caller(&nets(trusted).unwrap(), peer.parse().unwrap(), forwarded).to_string()
    }

    #[test]
    fn only_what_trusted_proxies_say_is_believed() {
        assert_eq!(seen("", "203.0.113.9", &["1.2.3.4"]), "203.0.113.9", "nobody is trusted");
        assert_eq!(seen("10.0.0.0/8", "10.1.2.3", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.0/8", "10.1.2.3", &["6.6.6.6, 1.2.3.4, 10.9.9.9"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.0/8", "10.1.2.3", &["6.6.6.6", "1.2.3.4"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.0/8", "10.1.2.3", &["6.6.6.6, nonsense"]), "10.1.2.3");
        assert_eq!(seen("10.0.0.0/8", "10.1.2.3", &[]), "10.1.2.3");
        assert_eq!(seen("127.0.0.1", "::ffff:127.0.0.1", &["1.2.3.4"]), "1.2.3.4");
    }

    #[test]
    fn nets_hold_what_they_say_and_nonsense_is_named() {
        let holds =
            |net: &str, address: &str| nets(net).unwrap()[0].holds(address.parse().unwrap());
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("0.0.0.0/0", "8.8.8.8") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("fd00::/8", "fd12::1") && holds("::1", "::1") && !holds("::1", "::2"));
        for bad in ["10.0.0.0/33", "proxy", "10.0.0.0/x", "10.0.0/8"] {
            assert!(nets(bad).unwrap_err().contains(bad), "{bad}");
        }
    }

    #[test]
    fn a_household_of_ipv6_is_one() {
        let one: IpAddr = "2001:db8:1:2:aaaa::1".parse().unwrap();
        assert_eq!(counted(one).to_string(), "2001:db8:1:2::");
    }
}
