//! The shapes of what the `PxWeb` face answers with, under the names that the specification of `PxWebApi` 2 has for them
//! (<https://github.com/PxTools/PxApiSpecs>); the answers themselves are written by the face.

use super::super::record::{Kind, Record, always, sometimes};

/// The record of a selection that is sent.
pub(super) const BODY: &str = "VariablesSelection";

/// The record of an operation's answer in JSON.
pub(super) fn of(operation: &str) -> &'static str {
    match operation {
        "GetApiConfiguration" => "ConfigResponse",
        "ListAllTables" => "TablesResponse",
        "GetTableById" => "TableResponse",
        "GetDefaultSelection" => "SelectionResponse",
        "GetCodelistById" => "CodelistResponse",
        "GetMetadataById" | "GetTableData" | "GetTableDataByPost" => "Dataset",
        _ => "",
    }
}

const LANGUAGE: [&str; 2] = ["Svarets språk.", "Language of the answer."];
const LINKS: [&str; 2] = ["Länkar till det som hör ihop.", "Links to what belongs together."];
const ID: [&str; 2] = ["Identitet.", "Id."];
const NAME: [&str; 2] = ["Namn.", "Name."];
const CODE: [&str; 2] = ["Värdets kod.", "The value's code."];
const VARIABLE: [&str; 2] = ["Variabelns kod.", "The variable's code."];
const VALUES: [&str; 2] = ["Valda värden, eller uttryck för dem.", "Chosen values, or expressions of them."];
const TEXTS: &Kind = &Kind::Text;
const LINK: &Kind = &Kind::Record("Link");
const TYPE: Kind = Kind::Word(&["Aggregation", "Valueset"]);

/// The members of a table, after others.
macro_rules! table {
    ($($other:expr,)*) => {
        &[
            $($other,)*
            always("id", Kind::Text, ID),
            always("label", Kind::Text, NAME),
            always("description", Kind::Text, ["Vad tabellen innehåller.", "What the table holds."]),
            always("updated", Kind::Moment, ["När utgåvan publicerades.", "When the release was published."]),
            always("firstPeriod", Kind::Text, ["Första året.", "The first year."]),
            always("lastPeriod", Kind::Text, ["Sista året.", "The last year."]),
            always("category", Kind::Word(&["public"]), ["Vem den är till för.", "Whom it is for."]),
            always("variableNames", Kind::List(TEXTS), ["Variablernas namn.", "Names of the variables."]),
            always("discontinued", Kind::Flag, ["Om den inte längre uppdateras.", "Whether it is no longer updated."]),
            always("source", Kind::Text, ["Källraden att ange.", "The source line to give."]),
            sometimes("subjectCode", Kind::Text, ["Instrumentet.", "The instrument."]),
            always("timeUnit", Kind::Word(&["Annual"]), ["Tidsenheten.", "The unit of time."]),
            sometimes("paths", Kind::List(&Kind::List(&Kind::Record("PathElement"))), ["Sökvägar till tabellen.", "Paths to the table."]),
            always("links", Kind::List(LINK), LINKS),
        ]
    };
}

/// Every record.
pub(super) const RECORDS: &[Record] = &[
    Record {
        name: "ConfigResponse",
        text: [
            "Gränssnittets version, språk, gränser och format.",
            "Version, languages, limits and formats of the face.",
        ],
        members: &[
            always("apiVersion", Kind::Text, ["Version av PxWebApi.", "Version of PxWebApi."]),
            always("appVersion", Kind::Text, ["Programmets version.", "Version of the program."]),
            always("languages", Kind::List(&Kind::Record("Language")), ["Språken.", "The languages."]),
            always("defaultLanguage", Kind::Text, ["Språket om inget anges.", "The language where none is given."]),
            always("maxDataCells", Kind::Whole(1), ["Celler i ett svar som mest.", "Cells of an answer at most."]),
            always(
                "maxCallsPerTimeWindow",
                Kind::Whole(1),
                ["Anrop per tidsfönster.", "Calls in each window of time."],
            ),
            always("timeWindow", Kind::Whole(1), ["Tidsfönstret i sekunder.", "The window of time in seconds."]),
            always("license", Kind::Text, ["Licensens adress.", "Address of the licence."]),
            always(
                "sourceReferences",
                Kind::List(&Kind::Record("SourceReference")),
                ["Källrader att ange.", "Source lines to give."],
            ),
            always("defaultDataFormat", Kind::Text, ["Formatet om inget anges.", "The format where none is given."]),
            always("dataFormats", Kind::List(TEXTS), ["Formaten.", "The formats."]),
            always(
                "features",
                Kind::List(&Kind::Record("ApiFeature")),
                ["Vad tjänsten stöder.", "What the service supports."],
            ),
        ],
        is_closed: false,
    },
    Record {
        name: "Language",
        text: ["Ett språk.", "A language."],
        members: &[always("id", Kind::Text, ID), always("label", Kind::Text, NAME)],
        is_closed: false,
    },
    Record {
        name: "SourceReference",
        text: ["En källrad.", "A source line."],
        members: &[
            always("language", Kind::Text, ["Radens språk.", "Language of the line."]),
            always("text", Kind::Text, ["Raden.", "The line."]),
        ],
        is_closed: false,
    },
    Record {
        name: "ApiFeature",
        text: ["Något som tjänsten stöder.", "Something that the service supports."],
        members: &[
            always("id", Kind::Text, ID),
            sometimes("params", Kind::List(&Kind::Record("KeyValuePair")), ["Hur.", "How."]),
        ],
        is_closed: false,
    },
    Record {
        name: "KeyValuePair",
        text: ["Ett namn och ett värde.", "A name and a value."],
        members: &[always("key", Kind::Text, NAME), always("value", Kind::Text, ["Värde.", "Value."])],
        is_closed: false,
    },
    Record {
        name: "TablesResponse",
        text: ["En sida av tabellerna.", "A page of the tables."],
        members: &[
            always("language", Kind::Text, LANGUAGE),
            always("tables", Kind::List(&Kind::Record("Table")), ["Tabellerna.", "The tables."]),
            always("page", Kind::Record("PageInfo"), ["Sidan.", "The page."]),
            always("links", Kind::List(LINK), LINKS),
        ],
        is_closed: false,
    },
    Record {
        name: "PageInfo",
        text: ["Vilken sida det är, av hur många.", "Which page it is, and of how many."],
        members: &[
            always("pageNumber", Kind::Whole(1), ["Sidans nummer.", "Number of the page."]),
            always("pageSize", Kind::Whole(1), ["Tabeller per sida.", "Tables per page."]),
            always("totalElements", Kind::Whole(0), ["Alla tabeller.", "All tables."]),
            always("totalPages", Kind::Whole(1), ["Alla sidor.", "All pages."]),
            always("links", Kind::List(LINK), ["Länkar till andra sidor.", "Links to other pages."]),
        ],
        is_closed: false,
    },
    Record { name: "Table", text: ["En tabell.", "A table."], members: table![], is_closed: false },
    Record {
        name: "TableResponse",
        text: ["En tabell, på ett språk.", "A table, in a language."],
        members: table![always("language", Kind::Text, LANGUAGE),],
        is_closed: false,
    },
    Record {
        name: "PathElement",
        text: ["En del av sökvägen till en tabell.", "A part of the path to a table."],
        members: &[always("id", Kind::Text, ID), always("label", Kind::Text, NAME)],
        is_closed: false,
    },
    Record {
        name: "Link",
        text: ["En länk.", "A link."],
        members: &[
            always("rel", Kind::Text, ["Vad den leder till.", "What it leads to."]),
            always("hreflang", Kind::Text, ["Språket där.", "The language there."]),
            always("href", Kind::Text, ["Adressen.", "The address."]),
        ],
        is_closed: false,
    },
    Record {
        name: "CodelistResponse",
        text: ["En kodlista: värden att välja bland.", "A code list: values to choose among."],
        members: &[
            always("id", Kind::Text, ID),
            always("label", Kind::Text, NAME),
            always("language", Kind::Text, LANGUAGE),
            always("languages", Kind::List(TEXTS), ["Språk som den finns på.", "Languages that it exists in."]),
            always(
                "elimination",
                Kind::Flag,
                ["Om ett av värdena står för alla.", "Whether one of the values stands for all."],
            ),
            always("type", TYPE, ["Slag.", "Kind."]),
            always("values", Kind::List(&Kind::Record("ValueMap")), ["Värdena.", "The values."]),
            always("links", Kind::List(LINK), LINKS),
        ],
        is_closed: false,
    },
    Record {
        name: "ValueMap",
        text: ["Ett värde i en kodlista.", "A value of a code list."],
        members: &[
            always("code", Kind::Text, CODE),
            always("label", Kind::Text, NAME),
            always(
                "valueMap",
                Kind::List(TEXTS),
                ["Variabelns värden som det står för.", "Values of the variable that it stands for."],
            ),
        ],
        is_closed: false,
    },
    Record {
        name: "CodelistInformation",
        text: ["En kodlista, där en variabel nämner den.", "A code list, where a variable names it."],
        members: &[
            always("id", Kind::Text, ID),
            always("label", Kind::Text, NAME),
            always("type", TYPE, ["Slag.", "Kind."]),
            always("links", Kind::List(LINK), LINKS),
        ],
        is_closed: false,
    },
    Record {
        name: "SelectionResponse",
        text: ["Urvalet som gäller när inget väljs.", "The selection that applies where nothing is chosen."],
        members: &[
            always("selection", Kind::List(&Kind::Record("VariableSelection")), ["Valen.", "The choices."]),
            always(
                "placement",
                Kind::Record("VariablePlacementType"),
                ["Var variablerna står.", "Where the variables stand."],
            ),
            always("language", Kind::Text, LANGUAGE),
            always("links", Kind::List(LINK), LINKS),
        ],
        is_closed: false,
    },
    Record {
        name: BODY,
        text: ["Ett urval.", "A selection."],
        members: &[
            always("selection", Kind::List(&Kind::Record("VariableSelection")), ["Valen.", "The choices."]),
            sometimes(
                "placement",
                Kind::Maybe(&Kind::Record("VariablePlacementType")),
                ["Var variablerna står.", "Where the variables stand."],
            ),
        ],
        is_closed: true,
    },
    Record {
        name: "VariableSelection",
        text: ["Vad som väljs av en variabel.", "What is chosen of a variable."],
        members: &[
            always("variableCode", Kind::Text, VARIABLE),
            sometimes(
                "codelist",
                Kind::Maybe(TEXTS),
                ["Kodlistan som värdena väljs ur.", "The code list that values are chosen from."],
            ),
            sometimes("valueCodes", Kind::Maybe(&Kind::List(TEXTS)), VALUES),
        ],
        is_closed: true,
    },
    Record {
        name: "VariablePlacementType",
        text: ["Var variablerna står i en tabell.", "Where variables stand in a table."],
        members: &[
            sometimes("heading", Kind::Maybe(&Kind::List(TEXTS)), ["I tabellhuvudet.", "In the heading."]),
            sometimes("stub", Kind::Maybe(&Kind::List(TEXTS)), ["I förspalten.", "In the stub."]),
        ],
        is_closed: true,
    },
    Record {
        name: "Dataset",
        text: [
            "En tabell enligt JSON-stat 2.0, med eller utan siffror.",
            "A table as JSON-stat 2.0 has it, with figures or without.",
        ],
        members: &[
            always("version", Kind::Word(&["2.0"]), ["Version av JSON-stat.", "Version of JSON-stat."]),
            always("class", Kind::Word(&["dataset"]), ["Slag.", "Kind."]),
            always("label", Kind::Text, ["Rubrik.", "Heading."]),
            always("source", Kind::Text, ["Källraden att ange.", "The source line to give."]),
            always("updated", Kind::Moment, ["När utgåvan publicerades.", "When the release was published."]),
            always("note", Kind::List(TEXTS), ["Anmärkningar.", "Notes."]),
            always(
                "role",
                Kind::Map(&Kind::List(TEXTS)),
                ["Vilka variabler som är tid och mått.", "Which variables are time and measures."],
            ),
            always("id", Kind::List(TEXTS), ["Variablerna i ordning.", "The variables in their order."]),
            always("size", Kind::List(&Kind::Whole(1)), ["Antal värden av varje.", "Number of values of each."]),
            always("dimension", Kind::Map(&Kind::Record("Dimension")), ["Variablerna.", "The variables."]),
            always(
                "extension",
                Kind::Map(&Kind::Any),
                ["Vad PxWeb och mognad lägger till.", "What PxWeb and mognad add."],
            ),
            always(
                "value",
                Kind::Maybe(&Kind::List(&Kind::Maybe(&Kind::Number))),
                [
                    "Siffrorna, den sista variabeln snabbast; null i metadata.",
                    "The figures, the last variable fastest; null in metadata.",
                ],
            ),
            sometimes("status", Kind::Map(TEXTS), ["Tecken efter plats.", "Symbols by position."]),
        ],
        is_closed: false,
    },
    Record {
        name: "Dimension",
        text: ["En variabel.", "A variable."],
        members: &[
            always("label", Kind::Text, NAME),
            sometimes("note", Kind::List(TEXTS), ["Anmärkningar.", "Notes."]),
            always("category", Kind::Record("Category"), ["Dess värden.", "Its values."]),
            always("extension", Kind::Record("DimensionExtension"), ["Vad PxWeb lägger till.", "What PxWeb adds."]),
        ],
        is_closed: false,
    },
    Record {
        name: "Category",
        text: ["En variabels värden.", "Values of a variable."],
        members: &[
            always("index", Kind::Map(&Kind::Whole(0)), ["Plats efter kod.", "Position by code."]),
            always("label", Kind::Map(TEXTS), ["Namn efter kod.", "Name by code."]),
            sometimes("note", Kind::Map(&Kind::List(TEXTS)), ["Anmärkningar efter kod.", "Notes by code."]),
            sometimes(
                "unit",
                Kind::Map(&Kind::Map(&Kind::Any)),
                ["Enhet och decimaler efter kod.", "Unit and decimals by code."],
            ),
        ],
        is_closed: false,
    },
    Record {
        name: "DimensionExtension",
        text: ["Vad PxWeb lägger till en variabel.", "What PxWeb adds to a variable."],
        members: &[
            always("elimination", Kind::Flag, ["Om variabeln kan utelämnas.", "Whether the variable can be left out."]),
            sometimes("eliminationValueCode", Kind::Text, ["Värdet som gäller då.", "The value that applies then."]),
            always("show", Kind::Text, ["Vad som visas av värden.", "What is shown of values."]),
            sometimes(
                "codelists",
                Kind::List(&Kind::Record("CodelistInformation")),
                ["Dess kodlistor.", "Its code lists."],
            ),
            sometimes("refperiod", Kind::Map(TEXTS), ["Tid som måtten avser.", "Time that measures are about."]),
            sometimes("measuringType", Kind::Map(TEXTS), ["Måttens slag.", "Kind of the measures."]),
            sometimes("priceType", Kind::Map(TEXTS), ["Prisslag.", "Kind of price."]),
            sometimes("adjustment", Kind::Map(TEXTS), ["Justering.", "Adjustment."]),
        ],
        is_closed: false,
    },
];
