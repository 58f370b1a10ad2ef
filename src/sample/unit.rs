//! Names of units and the share of each role by sector, for synthetic respondents; no real organisation's chart.

use crate::model::{Sector, instrument::Role};

/// Units that an organisation of the sector may have. Every organisation has the first.
pub(super) fn units(sector: Sector) -> &'static [&'static str] {
    match sector {
        Sector::Municipality => &[
            "Kommunledning",
            "Utbildning",
            "Vård och omsorg",
            "Samhällsbyggnad",
            "Kultur och fritid",
            "Socialtjänst",
            "Teknik och service",
        ],
        Sector::Region => &[
            "Regionledning",
            "Sjukhusvård",
            "Primärvård",
            "Regional utveckling",
            "Kollektivtrafik",
            "Fastighet och service",
            "Folktandvård",
        ],
        Sector::Company => &["Ledning", "Drift", "Kundservice", "Ekonomi", "Projekt", "Personal"],
        Sector::Agency => {
            &["Ledning", "Kärnverksamhet", "Administration", "Kommunikation", "Juridik", "Verksamhetsstöd"]
        }
        Sector::Association => &["Ledning", "Verksamhet", "Administration", "Medlemsservice"],
    }
}

/// The weight of a role among an organisation's respondents, and how far those who have it answer above the others, in points.
pub(super) fn role(role: &Role, sector: Sector) -> (f64, f64) {
    match role.key.as_str() {
        // only organisations with an assembly of their own have elected representatives
        "elected" => (if matches!(sector, Sector::Municipality | Sector::Region) { 0.1 } else { 0.0 }, 2.0),
        "leader" => (0.25, 4.0),
        "staff" => (0.65, 0.0),
        _ => (0.3, 0.0),
    }
}
