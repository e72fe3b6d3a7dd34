//! Which network addresses a shop may live at: the public ones, unless an admin says otherwise.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Whether the address is reachable by anyone, so no part of our own network
/// (IANA IPv4 and IPv6 Special-Purpose Address Registries).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let special = address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        // "This network" and the unspecified address.
        || first == 0
        // Reserved and broadcast.
        || first >= 240
        // Carrier-grade NAT.
        || (first == 100 && (64..128).contains(&second))
        // Protocol assignments and 6to4 relays.
        || (first == 192 && second == 0 && third == 0)
        || (first == 192 && second == 88 && third == 99)
        // Benchmarking.
        || (first == 198 && (18..20).contains(&second));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, fourth, fifth, sixth, seventh, eighth] = address.segments();
    let low = v4_of(seventh, eighth);
    match first {
        // Mapped and compatible addresses, loopback and the unspecified one.
        0 if second == 0 && third == 0 && fourth == 0 && fifth == 0 => {
            sixth == 0xffff && is_public_v4(low)
        }
        // NAT64 reaches the embedded address; its local-use prefix has none to check.
        0x64 if second == 0xff9b => {
            third == 0 && fourth == 0 && fifth == 0 && sixth == 0 && is_public_v4(low)
        }
        // 6to4 carries an IPv4 address.
        0x2002 => is_public_v4(v4_of(second, third)),
        // Teredo and other protocol assignments, documentation.
        0x2001 => second > 0x1ff && second != 0xdb8,
        // Documentation.
        0x3fff => second > 0xfff,
        // Global unicast is 2000::/3; everything else is private, local, multicast or unassigned.
        _ => (0x2000..0x4000).contains(&first),
    }
}

const fn v4_of(high: u16, low: u16) -> Ipv4Addr {
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    Ipv4Addr::new(a, b, c, d)
}

/// The name leads to addresses inside a private network alone.
#[derive(Debug, thiserror::Error)]
#[error("only private addresses")]
pub(super) struct PrivateOnly;

/// Resolves by the system and lets through only what may be connected to. The connection is made to
/// exactly these addresses, so a name that changes its mind in between gains nothing.
pub(super) struct CheckedResolver {
    pub(super) allow_private: bool,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(permitted(found, allow_private)?)
        })
    }
}

fn permitted(found: Vec<SocketAddr>, allow_private: bool) -> Result<Addrs, PrivateOnly> {
    let had_some = !found.is_empty();
    let kept: Vec<_> = found
        .into_iter()
        .filter(|address| allow_private || is_public(address.ip()))
        .collect();
    if had_some && kept.is_empty() {
        Err(PrivateOnly)
    } else {
        Ok(Box::new(kept.into_iter()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_pinned_to_its_public_addresses() {
        let at = |text: &str| SocketAddr::new(text.parse().unwrap(), 0);
        let mixed = vec![at("10.0.0.1"), at("93.184.216.34"), at("::1")];
        let kept: Vec<_> = permitted(mixed, false).unwrap().collect();
        assert_eq!(
            kept,
            [at("93.184.216.34")],
            "a rebinding name keeps only what is public"
        );
        assert!(
            permitted(vec![at("127.0.0.1")], false).is_err(),
            "nothing public is left"
        );
        let local: Vec<_> = permitted(vec![at("127.0.0.1")], true).unwrap().collect();
        assert_eq!(local, [at("127.0.0.1")], "an admin's leave opens it");
    }
}
