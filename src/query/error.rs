//! The engine's errors as refusals: what they say of columns and values is put in our words, and the rest is not repeated.

use datafusion::{
    arrow::error::ArrowError,
    common::SchemaError,
    error::DataFusionError,
    sql::sqlparser::{
        dialect::GenericDialect,
        tokenizer::{Token, Tokenizer},
    },
};

use super::{
    gate,
    refusal::{Code, Place, Refusal},
};

/// What is wrong with a query, after the engine's error.
pub(super) fn refusal(error: &DataFusionError, sql: &str) -> Refusal {
    match error {
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => refusal(inner, sql),
        DataFusionError::Shared(inner) => refusal(inner, sql),
        DataFusionError::Collection(all) => match all.first() {
            Some(first) => refusal(first, sql),
            None => engine(error),
        },
        DataFusionError::SchemaError(inner, _) => schema(inner, sql),
        DataFusionError::ArrowError(inner, _) => array(inner, error),
        DataFusionError::Plan(text) => plan(text, sql),
        DataFusionError::Execution(text) => execution(text, error),
        DataFusionError::NotImplemented(_) => Refusal::new(
            Code::NotAllowed,
            "En del av frågan erbjuds inte av frågemotorn. Skriv den på ett annat sätt.",
            "A part of the query is not offered by the engine. Write it in another way.",
        ),
        DataFusionError::ResourcesExhausted(_) => memory(),
        DataFusionError::External(inner) => match inner.downcast_ref::<DataFusionError>() {
            Some(inner) => refusal(inner, sql),
            None => inner.downcast_ref::<ArrowError>().map_or_else(|| engine(error), |inner| array(inner, error)),
        },
        _ => engine(error),
    }
}

/// The query needs more memory than it may have.
pub(super) fn memory() -> Refusal {
    Refusal::new(
        Code::MemoryLimit,
        "Frågan behöver mer minne än en fråga får. Välj ut färre rader tidigare, eller hämta tabellerna som filer.",
        "The query needs more memory than a query may have. Select fewer rows earlier, or take the tables as files.",
    )
}

fn schema(error: &SchemaError, sql: &str) -> Refusal {
    match error {
        SchemaError::FieldNotFound { field, valid_fields } => {
            unknown_column(field.name(), valid_fields.iter().map(datafusion::prelude::Column::name), sql)
        }
        SchemaError::AmbiguousReference { field } => ambiguous(field.name(), sql),
        SchemaError::DuplicateQualifiedField { name, .. } | SchemaError::DuplicateUnqualifiedField { name } => {
            ambiguous(name, sql)
        }
    }
}

fn unknown_column<'a>(name: &str, known: impl Iterator<Item = &'a str>, sql: &str) -> Refusal {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    let near = gate::nearest(name, known.iter().copied());
    let shown = gate::shown(name);
    let [sv, en] = match near {
        Some(near) => [format!(" Menas {near}?"), format!(" Is {near} meant?")],
        None => [String::new(), String::new()],
    };
    Refusal::new(
        Code::UnknownColumn,
        format!("Kolumnen {shown} finns inte där den används.{sv} Kolumnerna beskrivs i /v1/tables."),
        format!("There is no column {shown} where it is used.{en} Columns are described at /v1/tables."),
    )
    .at(place(name, sql))
}

/// Two columns of one name.
pub(super) fn ambiguous(name: &str, sql: &str) -> Refusal {
    let shown = gate::shown(name);
    Refusal::new(
        Code::AmbiguousColumn,
        format!("Två kolumner heter {shown}. Skriv tabellens namn före, eller ge den ena ett annat namn med as."),
        format!(
            "Two columns are called {shown}. Write the table's name before it, or give one another name with `as`."
        ),
    )
    .at(place(name, sql))
}

fn array(error: &ArrowError, whole: &DataFusionError) -> Refusal {
    match error {
        ArrowError::DivideByZero => division(),
        ArrowError::ArithmeticOverflow(_) => overflow(),
        ArrowError::CastError(_) | ArrowError::ParseError(_) => cast(),
        ArrowError::MemoryError(_) => memory(),
        ArrowError::ExternalError(inner) => match inner.downcast_ref::<DataFusionError>() {
            Some(inner) => refusal(inner, ""),
            None => engine(whole),
        },
        ArrowError::ComputeError(text) => execution(text, whole),
        ArrowError::InvalidArgumentError(_) => kinds(),
        _ => engine(whole),
    }
}

fn plan(text: &str, sql: &str) -> Refusal {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["nique expression names", "uplicate"]) {
        return Refusal::new(
            Code::AmbiguousColumn,
            "Två kolumner i svaret får samma namn. Ge dem olika namn med as.",
            "Two columns of the answer would have the same name. Give them different names with `as`.",
        );
    }
    if has(&["GROUP BY", "group by", "available columns"]) {
        return Refusal::new(
            Code::Meaning,
            "En kolumn står varken i group by eller i en sammanfattande funktion som avg eller max.",
            "A column is neither in `group by` nor in a function over a group, such as avg or max.",
        );
    }
    if let Some(name) = text.strip_prefix("No field named ").and_then(|rest| rest.split([' ', '.']).next()) {
        return unknown_column(name.trim_matches('"'), std::iter::empty(), sql);
    }
    if has(&["oerc", "ignature", "function matches", "common argument", "type", "Type", "argument"]) {
        return kinds();
    }
    Refusal::new(
        Code::Meaning,
        "Frågan går att läsa men inte att förstå: kontrollera kolumner, grupper och delfrågor.",
        "The query can be read and not understood: check columns, groups and subqueries.",
    )
}

fn execution(text: &str, whole: &DataFusionError) -> Refusal {
    let lower = text.to_lowercase();
    if lower.contains("overflow") || lower.contains("out of range") {
        return overflow();
    }
    if lower.contains("divide by zero") || lower.contains("division by zero") {
        return division();
    }
    if ["negative number", "is undefined", "not defined"].iter().any(|word| lower.contains(word)) {
        return not_finite();
    }
    if lower.contains("cast") || lower.contains("pars") {
        return cast();
    }
    if lower.contains("more than one row") || lower.contains("multiple rows") || lower.contains("subquery") {
        return Refusal::new(
            Code::Meaning,
            "En delfråga som ska ge ett värde ger flera rader. Välj ut en, eller använd in.",
            "A subquery that should give one value gives several rows. Choose one, or use `in`.",
        );
    }
    if lower.contains("memory") {
        return memory();
    }
    if ["argument", "must be", "expect", "requires", "percentile", "not supported for"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return kinds();
    }
    engine(whole)
}

/// A number has no value.
pub(super) fn not_finite() -> Refusal {
    Refusal::new(
        Code::NotFinite,
        "Ett tal är oändligt eller odefinierat, till exempel efter delning med noll eller roten ur ett negativt tal. Skriv nullif(nämnaren, 0), eller välj bort raderna.",
        "A number is infinite or undefined, for instance after a division by zero or the root of a negative number. Write nullif(denominator, 0), or leave these rows out.",
    )
}

fn kinds() -> Refusal {
    Refusal::new(
        Code::Type,
        "Värdenas slag passar inte ihop, eller så har en funktion fel antal argument. Jämför text med text och tal med tal, eller använd cast.",
        "The kinds of values do not fit together, or a function has a wrong number of arguments. Compare text with text and numbers with numbers, or use `cast`.",
    )
}

fn cast() -> Refusal {
    Refusal::new(
        Code::Cast,
        "Ett värde går inte att omvandla till det slag som begärs. Använd try_cast, som i stället ger ett tomt värde.",
        "A value cannot be turned into the kind asked for. Use `try_cast`, which gives null instead.",
    )
}

fn division() -> Refusal {
    Refusal::new(
        Code::DivisionByZero,
        "Ett tal delas med noll. Skriv nullif(nämnaren, 0), som i stället ger ett tomt värde.",
        "A number is divided by zero. Write nullif(denominator, 0), which gives null instead.",
    )
}

fn overflow() -> Refusal {
    Refusal::new(
        Code::Overflow,
        "Ett tal blir för stort. Räkna med double i stället: cast(x as double).",
        "A number becomes too large. Compute with double instead: cast(x as double).",
    )
}

fn engine(error: &DataFusionError) -> Refusal {
    // over published tables it tells nothing that is not public, and yet is for us and not for the reader
    tracing::warn!(%error, "the engine cannot run a query");
    Refusal::new(
        Code::Engine,
        "Frågemotorn klarar inte frågan, fast den är tillåten. Skriv den på ett annat sätt.",
        "The engine cannot run the query, although it is allowed. Write it in another way.",
    )
}

/// Where a name first stands in a text.
fn place(name: &str, sql: &str) -> Option<Place> {
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize_with_location().ok()?;
    let found = tokens.iter().find(|token| match &token.token {
        Token::Word(word) => word.value.eq_ignore_ascii_case(name),
        _ => false,
    })?;
    Place::of(found.span)
}
