//! Where people and machines are: addresses, towns, providers, browsers.
//!
//! Public addresses come from the ranges kept for documentation, provider numbers from those kept
//! for documentation too; inside, everything is in 10.0.0.0/8.

use std::fmt;

/// An IPv4 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ip(pub(crate) [u8; 4]);

impl fmt::Display for Ip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third, last] = self.0;
        write!(f, "{first}.{second}.{third}.{last}")
    }
}

/// A town as identity providers place it.
#[derive(Debug, PartialEq)]
pub(crate) struct Town {
    pub(crate) city: &'static str,
    pub(crate) state: &'static str,
    pub(crate) latitude: &'static str,
    pub(crate) longitude: &'static str,
}

/// Towns where people live and shops stand.
pub(crate) const TOWNS: &[Town] = &[
    Town {
        city: "Leeds",
        state: "England",
        latitude: "53.80",
        longitude: "-1.55",
    },
    Town {
        city: "Manchester",
        state: "England",
        latitude: "53.48",
        longitude: "-2.24",
    },
    Town {
        city: "Sheffield",
        state: "England",
        latitude: "53.38",
        longitude: "-1.47",
    },
    Town {
        city: "Glasgow",
        state: "Scotland",
        latitude: "55.86",
        longitude: "-4.25",
    },
    Town {
        city: "Cardiff",
        state: "Wales",
        latitude: "51.48",
        longitude: "-3.18",
    },
    Town {
        city: "Norwich",
        state: "England",
        latitude: "52.63",
        longitude: "1.30",
    },
    Town {
        city: "Exeter",
        state: "England",
        latitude: "50.72",
        longitude: "-3.53",
    },
    Town {
        city: "Inverness",
        state: "Scotland",
        latitude: "57.48",
        longitude: "-4.22",
    },
    Town {
        city: "Belfast",
        state: "Northern Ireland",
        latitude: "54.60",
        longitude: "-5.93",
    },
    Town {
        city: "Carlisle",
        state: "England",
        latitude: "54.89",
        longitude: "-2.94",
    },
];

/// An internet provider.
#[derive(Debug, PartialEq)]
pub(crate) struct Provider {
    pub(crate) name: &'static str,
    pub(crate) number: u32,
}

/// Northgate's own lines.
pub(crate) const CORPORATE: Provider = Provider {
    name: "Northgate Stores",
    number: 64_496,
};
/// The outsourcer's line.
pub(crate) const HELPLINE: Provider = Provider {
    name: "Helpline Services",
    number: 64_497,
};
/// What people have at home.
pub(crate) const HOME: &[Provider] = &[
    Provider {
        name: "Pennine Broadband",
        number: 64_498,
    },
    Provider {
        name: "Fenland Fibre",
        number: 64_499,
    },
    Provider {
        name: "Clyde Cable",
        number: 64_500,
    },
];
/// A provider of home lines that also rents them out to anonymising services.
pub(crate) const RESIDENTIAL_VPN: Provider = Provider {
    name: "Harbour Home Net",
    number: 64_510,
};

/// A provider that rents out servers to anybody.
pub(crate) const HOSTING: Provider = Provider {
    name: "Meridian Hosting",
    number: 64_511,
};

/// A browser on a device.
#[derive(Debug, PartialEq)]
pub(crate) struct Browser {
    pub(crate) name: &'static str,
    pub(crate) system: &'static str,
    pub(crate) raw: &'static str,
}

/// What Northgate's devices run.
pub(crate) const BROWSERS: &[Browser] = &[
    Browser {
        name: "EDGE",
        system: "Windows 11",
        raw: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36 Edg/147.0.0.0",
    },
    Browser {
        name: "CHROME",
        system: "Windows 11",
        raw: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36",
    },
    Browser {
        name: "SAFARI",
        system: "Mac OS 15.4 (Sequoia)",
        raw: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
    },
];

/// Where somebody sits and with what.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    /// The public address that the identity provider sees.
    pub(crate) egress: Ip,
    pub(crate) provider: &'static Provider,
    pub(crate) town: &'static Town,
    pub(crate) browser: &'static Browser,
    /// The device's name, such as `NG-L4821`.
    pub(crate) device: String,
    /// The address inside, or that of the tunnel for people at home.
    pub(crate) inside: Ip,
    pub(crate) from: From,
}

/// From where somebody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    Office,
    Store,
    Home,
    Helpline,
}
