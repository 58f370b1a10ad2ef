//! The shapes of what the Kolada face answers with, as Kolada has them (<https://api.kolada.se/v3/docs>); the answers themselves are
//! written by the face.

use super::super::{
    node::{Members, member, reference},
    record::{self, Kind, Own, Record, always, sometimes},
};

const ID: [&str; 2] = ["Identitet.", "Id."];
const TITLE: [&str; 2] = ["Namn.", "Name."];
const TEXT: &Kind = &Kind::Text;
const DAY: &Kind = &Kind::Day;

/// What can stand in a page's list, and the beginnings of operations that give it.
const LISTED: &[(&str, &[&str])] = &[
    ("Kpi", &["kolada_list_kpis", "kolada_get_kpis"]),
    ("KpiGroup", &["kolada_list_kpi_groups", "kolada_get_kpi_groups"]),
    ("Municipality", &["kolada_list_municipalities", "kolada_get_municipalities"]),
    ("MunicipalityGroup", &["kolada_list_municipality_groups", "kolada_get_municipality_groups"]),
    ("Unit", &["kolada_list_units", "kolada_get_units"]),
    ("UnitData", &["kolada_list_unit_data"]),
    ("Data", &["kolada_list_data"]),
];

/// The name of the schema of an operation's answer.
pub(super) fn of(operation: &str) -> String {
    let is_its = |beginnings: &[&str]| {
        beginnings
            .iter()
            .any(|own| operation == *own || operation.strip_prefix(own).is_some_and(|rest| rest.starts_with("_by_")))
    };
    LISTED.iter().find(|(_, beginnings)| is_its(beginnings)).map_or_else(|| "Start".to_owned(), |(name, _)| page(name))
}

fn page(name: &str) -> String {
    format!("{name}Page")
}

const ENVELOPE: &[Own] = &[
    always("count", Kind::Whole(0), ["Värden på sidan.", "Values of the page."]),
    always("next_url", Kind::Maybe(TEXT), ["Nästa sidas adress.", "Address of the next page."]),
    always("previous_url", Kind::Maybe(TEXT), ["Föregående sidas adress.", "Address of the previous page."]),
];

/// The schemas of pages, one for each thing that they list.
pub(super) fn pages() -> Members {
    let envelope = Record {
        name: "Page",
        text: ["Vad som omger värdena på en sida.", "What surrounds the values of a page."],
        members: ENVELOPE,
        is_closed: false,
    };
    let mut schemas = record::schemas(&[envelope]);
    schemas.extend(LISTED.iter().map(|(name, _)| {
        let values: Members = vec![
            member("type", "array"),
            member("description", "Värdena.\n\nThe values."),
            member("items", reference("schemas", name)),
        ];
        let own: Members = vec![
            member("type", "object"),
            member("properties", vec![member("values", values)]),
            member("required", serde_json::json!(["values"])),
        ];
        let all = vec![reference("schemas", "Page"), own.into()];
        member(page(name), vec![member("description", "En sida.\n\nA page."), member("allOf", all)])
    }));
    schemas
}

const MEMBERS: Kind = Kind::List(&Kind::Record("Member"));

/// Every record.
pub(super) const RECORDS: &[Record] = &[
    Record {
        name: "Start",
        text: ["Resurserna.", "The resources."],
        members: &[
            always("service", Kind::Text, ["Tjänsten.", "The service."]),
            always("compatible", Kind::Text, ["Gränssnittet som den följer.", "The interface that it follows."]),
            always("resources", Kind::List(&Kind::Record("Resource")), ["Resurserna.", "The resources."]),
        ],
        is_closed: false,
    },
    Record {
        name: "Resource",
        text: ["En resurs.", "A resource."],
        members: &[
            always("path", Kind::Text, ["Adress.", "Address."]),
            always("summary", Kind::Map(TEXT), ["Vad den ger, på båda språken.", "What it gives, in both languages."]),
            always("example", Kind::Text, ["En adress att prova.", "An address to try."]),
        ],
        is_closed: false,
    },
    Record {
        name: "Kpi",
        text: ["Ett mått som nyckeltal.", "A measure as a KPI."],
        members: &[
            always("id", Kind::Text, ID),
            always("title", Kind::Text, TITLE),
            always("description", Kind::Text, ["Vad det mäter.", "What it measures."]),
            always(
                "auspice",
                Kind::Maybe(TEXT),
                ["Huvudman; ingen för en enkät.", "Who is responsible; nobody for a survey."],
            ),
            always("operating_area", Kind::Text, ["Instrumentet.", "The instrument."]),
            always("perspective", Kind::Maybe(TEXT), ["Måttet som det ingår i.", "The measure that it is part of."]),
            always("municipality_type", Kind::Text, ["Vilka som har det.", "Who has it."]),
            always("is_divided_by_gender", Kind::Flag, ["Alltid falskt.", "Always false."]),
            always("has_ou_data", Kind::Flag, ["Alltid falskt.", "Always false."]),
            always("ou_publication_date", Kind::Maybe(DAY), ["Alltid null.", "Always null."]),
            always(
                "prel_publication_date",
                Kind::Maybe(DAY),
                ["När en preliminär utgåva publicerades.", "When a preliminary release was published."],
            ),
            always(
                "publication_date",
                Kind::Maybe(DAY),
                ["När utgåvan publicerades.", "When the release was published."],
            ),
            always("publ_period", Kind::Maybe(TEXT), ["Sista året med siffror.", "The last year with figures."]),
        ],
        is_closed: false,
    },
    Record {
        name: "KpiGroup",
        text: ["Ett instrument som grupp av nyckeltal.", "An instrument as a group of KPIs."],
        members: &[
            always("id", Kind::Text, ID),
            always("title", Kind::Text, TITLE),
            always("members", MEMBERS, ["Dess nyckeltal.", "Its KPIs."]),
        ],
        is_closed: false,
    },
    Record {
        name: "Member",
        text: ["En medlem i en grupp.", "A member of a group."],
        members: &[always("member_id", Kind::Text, ID), always("member_title", Kind::Text, TITLE)],
        is_closed: false,
    },
    Record {
        name: "Municipality",
        text: ["Riket, en region eller en kommun.", "The country, a region or a municipality."],
        members: &[
            always("id", Kind::Text, ID),
            always("title", Kind::Text, TITLE),
            always(
                "type",
                Kind::Word(&["K", "L"]),
                ["K för kommuner, L för regioner och riket.", "K for municipalities, L for regions and the country."],
            ),
        ],
        is_closed: false,
    },
    Record {
        name: "MunicipalityGroup",
        text: ["En publicerad grupp.", "A published group."],
        members: &[
            always("id", Kind::Text, ID),
            always("title", Kind::Text, TITLE),
            always("members", MEMBERS, ["Vilka som räknades det senaste året.", "Who counted in the last year."]),
        ],
        is_closed: false,
    },
    Record {
        name: "Unit",
        text: ["En enhet; det finns inga.", "A unit; there are none."],
        members: &[always("id", Kind::Text, ID), always("title", Kind::Text, TITLE)],
        is_closed: false,
    },
    Record {
        name: "UnitData",
        text: ["En enhets värden; det finns inga.", "Values of a unit; there are none."],
        members: &[always("ou", Kind::Text, ["Enheten.", "The unit."])],
        is_closed: false,
    },
    Record {
        name: "Data",
        text: [
            "Värdet av ett nyckeltal för en kommun eller grupp ett år.",
            "The value of a KPI for a municipality or group in a year.",
        ],
        members: &[
            always("kpi", Kind::Text, ["Nyckeltalet.", "The KPI."]),
            always(
                "municipality",
                Kind::Text,
                ["Kommunen, gruppen eller riket.", "The municipality, group or country."],
            ),
            always("period", Kind::Whole(0), ["Året.", "The year."]),
            always(
                "values",
                Kind::List(&Kind::Record("Value")),
                ["Ett värde, för båda könen.", "One value, for both genders."],
            ),
        ],
        is_closed: false,
    },
    Record {
        name: "Value",
        text: ["Ett värde.", "A value."],
        members: &[
            always("gender", Kind::Word(&["T"]), ["T: båda könen.", "T: both genders."]),
            always("count", Kind::Maybe(&Kind::Whole(0)), ["Antal organisationer.", "Number of organisations."]),
            always(
                "status",
                Kind::Text,
                ["Tomt där värdet visas, annars varför inte.", "Empty where the value is shown, else why it is not."],
            ),
            always("value", Kind::Maybe(&Kind::Number), ["Medelvärde i procent.", "Mean in per cent."]),
            always("isdeleted", Kind::Flag, ["Om värdet har tagits bort.", "Whether the value was taken away."]),
            sometimes(
                "value_bound",
                Kind::Word(&["le", "ge"]),
                ["Om värdet är slutet av ett kodat intervall.", "Whether the value is the end of a coded range."],
            ),
            sometimes("note", Kind::Text, ["Vad man behöver veta om värdet.", "What is to be known of the value."]),
        ],
        is_closed: false,
    },
];
