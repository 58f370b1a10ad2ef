//! The functions that queries may call, in one list with what each gives; the engine has no others.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
};

use datafusion::{
    execution::SessionStateDefaults,
    logical_expr::{AggregateUDF, ScalarUDF, WindowUDF},
};

/// What a function is computed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// One row.
    Row,
    /// Rows of a group, or of a window.
    Group,
    /// Rows of a window.
    Window,
}

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Name.
    pub name: &'static str,
    /// How it is called.
    pub form: &'static str,
    /// What it is computed over.
    pub over: Over,
    /// What it gives: Swedish, English.
    pub text: [&'static str; 2],
}

const fn function(name: &'static str, form: &'static str, over: Over, sv: &'static str, en: &'static str) -> Function {
    Function { name, form, over, text: [sv, en] }
}

use Over::{Group, Row, Window};

/// Every function. Left out are those that make much out of little (`repeat`, `lpad`, `replace`, `array_agg`, `range`), that run
/// long on each row (regular expressions, `levenshtein`), that give another answer each time (`now`, `random`) and that tell
/// about the service (`version`, `input_file_name`).
pub static FUNCTIONS: &[Function] = &[
    function("abs", "abs(x)", Row, "talets belopp", "the number without its sign"),
    function("ceil", "ceil(x)", Row, "närmaste hela tal uppåt", "the next whole number upwards"),
    function("floor", "floor(x)", Row, "närmaste hela tal nedåt", "the next whole number downwards"),
    function("round", "round(x, n)", Row, "avrundat till n decimaler", "rounded to n decimals"),
    function("trunc", "trunc(x, n)", Row, "avkortat till n decimaler", "cut to n decimals"),
    function("sqrt", "sqrt(x)", Row, "kvadratrot", "square root"),
    function("power", "power(x, y)", Row, "x upphöjt till y", "x to the power of y"),
    function("exp", "exp(x)", Row, "e upphöjt till x", "e to the power of x"),
    function("ln", "ln(x)", Row, "naturlig logaritm", "natural logarithm"),
    function("log10", "log10(x)", Row, "logaritm med basen tio", "logarithm to base ten"),
    function("signum", "signum(x)", Row, "-1, 0 eller 1", "-1, 0 or 1"),
    function("coalesce", "coalesce(a, b, …)", Row, "det första som inte är tomt", "the first that is not null"),
    function("nullif", "nullif(a, b)", Row, "a, eller tomt där det är lika med b", "a, or null where it equals b"),
    function("greatest", "greatest(a, b, …)", Row, "det största", "the greatest"),
    function("least", "least(a, b, …)", Row, "det minsta", "the least"),
    function("lower", "lower(s)", Row, "små bokstäver", "small letters"),
    function("upper", "upper(s)", Row, "stora bokstäver", "capital letters"),
    function("btrim", "trim(s)", Row, "utan blanksteg i början och slutet", "without spaces at both ends"),
    function("ltrim", "ltrim(s)", Row, "utan blanksteg i början", "without spaces at the beginning"),
    function("rtrim", "rtrim(s)", Row, "utan blanksteg i slutet", "without spaces at the end"),
    function("substr", "substr(s, n, l)", Row, "l tecken från och med det n:te", "l characters from the n-th on"),
    function("left", "left(s, n)", Row, "de första n tecknen", "the first n characters"),
    function("right", "right(s, n)", Row, "de sista n tecknen", "the last n characters"),
    function("character_length", "length(s)", Row, "antal tecken", "number of characters"),
    function("concat", "concat(s, t, …)", Row, "texterna efter varandra", "the texts one after the other"),
    function("starts_with", "starts_with(s, t)", Row, "om s börjar med t", "whether s begins with t"),
    function("ends_with", "ends_with(s, t)", Row, "om s slutar med t", "whether s ends with t"),
    function("contains", "contains(s, t)", Row, "om t finns i s", "whether t is in s"),
    function("strpos", "strpos(s, t)", Row, "var t börjar i s, eller 0", "where t begins in s, or 0"),
    function(
        "split_part",
        "split_part(s, t, n)",
        Row,
        "den n:te delen av s delad vid t",
        "the n-th part of s, cut at t",
    ),
    function("date_part", "date_part('year', d)", Row, "en del av ett datum", "a part of a date"),
    function("count", "count(*)", Group, "antal rader", "number of rows"),
    function("sum", "sum(x)", Group, "summa", "sum"),
    function("avg", "avg(x)", Group, "medelvärde", "mean"),
    function("min", "min(x)", Group, "det minsta", "the least"),
    function("max", "max(x)", Group, "det största", "the greatest"),
    function("median", "median(x)", Group, "median", "median"),
    function(
        "percentile_cont",
        "percentile_cont(p) within group (order by x)",
        Group,
        "percentil, interpolerad",
        "percentile, interpolated",
    ),
    function("stddev", "stddev(x)", Group, "standardavvikelse i ett urval", "standard deviation of a sample"),
    function(
        "stddev_pop",
        "stddev_pop(x)",
        Group,
        "standardavvikelse i en population",
        "standard deviation of a population",
    ),
    function("var", "var(x)", Group, "varians i ett urval", "variance of a sample"),
    function("var_pop", "var_pop(x)", Group, "varians i en population", "variance of a population"),
    function("corr", "corr(y, x)", Group, "korrelation", "correlation"),
    function("covar_samp", "covar_samp(y, x)", Group, "kovarians i ett urval", "covariance of a sample"),
    function("covar_pop", "covar_pop(y, x)", Group, "kovarians i en population", "covariance of a population"),
    function("regr_slope", "regr_slope(y, x)", Group, "regressionslinjens lutning", "slope of the regression line"),
    function(
        "regr_intercept",
        "regr_intercept(y, x)",
        Group,
        "regressionslinjens värde vid 0",
        "value of the regression line at 0",
    ),
    function("regr_r2", "regr_r2(y, x)", Group, "förklarad andel av variansen", "share of the variance explained"),
    function("regr_count", "regr_count(y, x)", Group, "par utan tomma värden", "pairs without nulls"),
    function("bool_and", "bool_and(a)", Group, "om alla är sanna", "whether all are true"),
    function("bool_or", "bool_or(a)", Group, "om någon är sann", "whether any is true"),
    function(
        "grouping",
        "grouping(a)",
        Group,
        "1 där a är hopslaget av rollup eller cube",
        "1 where a is taken together by rollup or cube",
    ),
    function("first_value", "first_value(x)", Group, "det första i ordningen", "the first in order"),
    function("last_value", "last_value(x)", Group, "det sista i ordningen", "the last in order"),
    function("row_number", "row_number()", Window, "radens nummer", "number of the row"),
    function("rank", "rank()", Window, "plats, med luckor efter lika", "rank, with gaps after ties"),
    function("dense_rank", "dense_rank()", Window, "plats, utan luckor", "rank, without gaps"),
    function("percent_rank", "percent_rank()", Window, "plats från 0 till 1", "rank from 0 to 1"),
    function("cume_dist", "cume_dist()", Window, "andel rader till och med denna", "share of rows up to this one"),
    function("ntile", "ntile(n)", Window, "vilken av n lika delar", "which of n equal parts"),
    function("lag", "lag(x, n)", Window, "värdet n rader tidigare", "the value n rows before"),
    function("lead", "lead(x, n)", Window, "värdet n rader senare", "the value n rows after"),
    function("nth_value", "nth_value(x, n)", Window, "det n:te värdet", "the n-th value"),
];

/// The engine's functions that are offered.
#[derive(Debug)]
pub(super) struct Offered {
    pub(super) scalar: Vec<Arc<ScalarUDF>>,
    pub(super) aggregate: Vec<Arc<AggregateUDF>>,
    pub(super) window: Vec<Arc<WindowUDF>>,
}

impl Offered {
    /// The offered ones of all that the engine has. Some stand behind syntax (`extract`, `position`) and are on the list as well.
    pub(super) fn new() -> Self {
        let is_on_list = |name: &str| FUNCTIONS.iter().any(|own| own.name == name);
        let mut scalar = SessionStateDefaults::default_scalar_functions();
        let mut aggregate = SessionStateDefaults::default_aggregate_functions();
        let mut window = SessionStateDefaults::default_window_functions();
        scalar.retain(|own| is_on_list(own.name()));
        aggregate.retain(|own| is_on_list(own.name()));
        window.retain(|own| is_on_list(own.name()));
        Self { scalar, aggregate, window }
    }
}

/// Every name that an offered function goes by, with the name on the list.
static NAMES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let offered = Offered::new();
    let scalar = offered.scalar.iter().map(|own| (own.name(), own.aliases()));
    let aggregate = offered.aggregate.iter().map(|own| (own.name(), own.aliases()));
    let window = offered.window.iter().map(|own| (own.name(), own.aliases()));
    let all = scalar.chain(aggregate).chain(window);
    all.flat_map(|(name, aliases)| {
        let own = (name.to_owned(), name.to_owned());
        aliases.iter().map(move |alias| (alias.clone(), name.to_owned())).chain([own])
    })
    .collect()
});

/// Whether a function of this name may be called.
pub(super) fn is_offered(name: &str) -> bool {
    NAMES.contains_key(name)
}

/// Every name that a function may be called by.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.keys().map(String::as_str).collect::<BTreeSet<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_has_every_function_on_the_list() {
        for own in FUNCTIONS {
            assert!(is_offered(own.name), "{}", own.name);
        }
    }

    #[test]
    fn what_is_dangerous_is_not_offered() {
        for name in [
            "repeat",
            "lpad",
            "rpad",
            "replace",
            "regexp_replace",
            "array_agg",
            "string_agg",
            "range",
            "make_array",
            "generate_series",
            "now",
            "random",
            "uuid",
            "version",
            "input_file_name",
            "levenshtein",
            "arrow_cast",
            "encode",
        ] {
            assert!(!is_offered(name), "{name}");
        }
    }
}
