//! The headings under which resources are listed, in the API's description and on pages about it.

use super::Route;

/// A heading.
#[derive(Debug)]
pub struct Heading {
    /// Name: Swedish, English.
    pub name: [&'static str; 2],
    /// What stands under it: Swedish, English.
    pub text: [&'static str; 2],
    /// The first words of paths after the version.
    paths: &'static [&'static str],
}

/// Every heading.
pub static HEADINGS: &[Heading] = &[
    Heading {
        name: ["Siffror", "Figures"],
        text: [
            "Rubriker, nyckeltal, fördelningar, svar och jämförelser.",
            "Headlines, figures, distributions, answers and comparisons.",
        ],
        paths: &[],
    },
    Heading {
        name: ["Instrument", "Instruments"],
        text: ["Vad som mäts och hur.", "What is measured, and how."],
        paths: &["instruments", "indicators", "questions", "notes", "method"],
    },
    Heading {
        name: ["Organisationer och grupper", "Organisations and groups"],
        text: [
            "Registret, grupperna och en organisations egna resultat.",
            "The register, the groups, and an organisation's own results.",
        ],
        paths: &["organisations", "groups"],
    },
    Heading {
        name: ["Utgåvor och filer", "Releases and files"],
        text: [
            "Loggen, hela tabeller som filer och katalogen för dataportaler.",
            "The log, whole tables as files, and the catalogue for data portals.",
        ],
        paths: &["releases", "tables", "files", "catalog"],
    },
    Heading {
        name: ["Tjänsten", "The service"],
        text: ["Om API:et, dess gränser och dess tillstånd.", "About the API, its limits and its state."],
        paths: &["api-info", "limits", "openapi.json", "docs"],
    },
];

/// The heading of a resource. One that is named under none stands under the first if it has rows, else under the last.
pub fn heading(route: &Route) -> &'static Heading {
    let first = route.path.trim_start_matches("/v1").split('/').nth(1).unwrap_or_default();
    let named = HEADINGS.iter().find(|heading| heading.paths.contains(&first));
    let other = if route.table().is_some() { &HEADINGS[0] } else { &HEADINGS[HEADINGS.len() - 1] };
    named.unwrap_or(other)
}
