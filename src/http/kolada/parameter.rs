//! Parameters of this face in words, once each, with what values they take; reading a request's is `asked`'s.

/// Ids of one list at most.
pub const IDS_MAX: usize = 25;

/// Values of a page at most, and unless told.
pub const PAGE_MAX: usize = 5_000;

/// What values a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Ids, at most [`IDS_MAX`], separated by commas; in a query the parameter can also be repeated. Case does not matter.
    Ids,
    /// Years of four digits, as many as ids, in the same ways.
    Years,
    /// A whole number from the one to the other.
    Whole(usize, usize),
    /// A date, `YYYY-MM-DD`.
    Date,
    /// One of these, in any case.
    One(&'static [&'static str]),
    /// Any text.
    Text,
}

/// A parameter in words.
#[derive(Debug)]
pub struct KoladaParameter {
    /// Name in the query, or in braces in a path.
    pub name: &'static str,
    /// What values it takes.
    pub takes: Takes,
    /// What it selects: Swedish, English.
    pub text: [&'static str; 2],
    /// A value to try.
    pub example: &'static str,
}

const fn parameter(
    name: &'static str,
    takes: Takes,
    text: [&'static str; 2],
    example: &'static str,
) -> KoladaParameter {
    KoladaParameter { name, takes, text, example }
}

/// Every parameter.
pub static PARAMETERS: &[KoladaParameter] = &[
    parameter(
        "from_date",
        Takes::Date,
        [
            "Bara värden som publicerats den dagen eller senare; hela utgåvan publiceras på en gång.",
            "Only values published on that day or later; a whole release is published at once.",
        ],
        "2020-05-14",
    ),
    parameter("kpi_group_id", Takes::Ids, ["Grupper av nyckeltal.", "Groups of KPIs."], "G6E63677DF0"),
    parameter("kpi_id", Takes::Ids, ["Nyckeltal.", "KPIs."], "MA2BE2C6EA9"),
    parameter(
        "lang",
        Takes::One(&["sv", "en"]),
        ["Namnens språk; annars svenska.", "Language of names; otherwise Swedish."],
        "en",
    ),
    parameter(
        "municipality",
        Takes::Ids,
        [
            "Kommuner (fyra siffror), regioner (00 och länskoden) och riket (0000).",
            "Municipalities (four digits), regions (00 and the county's code) and the country (0000).",
        ],
        "1881",
    ),
    parameter("municipality_group_id", Takes::Ids, ["Grupper.", "Groups."], "G72C48FCAF2"),
    parameter(
        "municipality_id",
        Takes::Ids,
        [
            "Grupper (G…) och riket (0000); även kommuner och regioner, vars värden aldrig visas.",
            "Groups (G…) and the country (0000); also municipalities and regions, whose values are never shown.",
        ],
        "0000",
    ),
    parameter("ou_id", Takes::Ids, ["Enheter; det finns inga.", "Units; there are none."], "V15E128000101"),
    parameter("page", Takes::Whole(1, 1_000_000), ["Sidans nummer, från 1.", "Number of the page, from 1."], "1"),
    parameter(
        "per_page",
        Takes::Whole(1, PAGE_MAX),
        ["Värden per sida; annars 5 000.", "Values of a page; otherwise 5,000."],
        "100",
    ),
    parameter(
        "region_type",
        Takes::One(&["municipality", "region", "group", "country"]),
        [
            "Bara kommuner, regioner, grupper eller riket. Kommuner och regioner som inte nämns är annars inte med, eftersom deras värden aldrig visas.",
            "Only municipalities, regions, groups or the country. Municipalities and regions that are not named are otherwise left out, since their values are never shown.",
        ],
        "group",
    ),
    parameter(
        "title",
        Takes::Text,
        ["Text som namnet innehåller, oavsett stora och små bokstäver.", "Text that the name contains, in any case."],
        "mognad",
    ),
    parameter(
        "type",
        Takes::One(&["K", "L"]),
        ["K för kommuner, L för regioner och riket.", "K for municipalities, L for regions and the country."],
        "L",
    ),
    parameter("year", Takes::Years, ["År.", "Years."], "2020"),
];

/// A parameter in words.
pub fn described(name: &str) -> Option<&'static KoladaParameter> {
    PARAMETERS.iter().find(|parameter| parameter.name == name)
}
