//! Parameters `$1`, `$2` … as clients bind them, as values of the query's own.

use pgwire::{
    api::{Type, portal::Portal},
    error::PgWireResult,
};

use crate::query::{Parameter, Parameters};

/// Parameters that a statement has at most.
const NUMBER_MAX: usize = 100;

/// How many parameters a text names.
pub(super) fn number(sql: &str) -> usize {
    let after = sql.split('$').skip(1);
    let numbers = after.filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<usize>().ok().filter(|number| *number <= NUMBER_MAX)
    });
    numbers.max().unwrap_or(0)
}

/// Parameters whose values are not known yet.
pub(super) fn unknown(number: usize) -> Parameters {
    (1..=number).map(|at| (format!("${at}"), Parameter::Null)).collect()
}

/// The values that a client has bound.
pub(super) fn values(portal: &Portal<String>) -> PgWireResult<Parameters> {
    let kind = |at: usize| portal.statement.parameter_types.get(at).cloned().flatten().unwrap_or(Type::UNKNOWN);
    let mut values = Parameters::new();
    for at in 0..portal.parameter_len() {
        let value = match kind(at) {
            Type::BOOL => portal.parameter::<bool>(at, &Type::BOOL)?.map(Parameter::Flag),
            Type::INT2 => portal.parameter::<i16>(at, &Type::INT2)?.map(|own| Parameter::Whole(own.into())),
            Type::INT4 => portal.parameter::<i32>(at, &Type::INT4)?.map(|own| Parameter::Whole(own.into())),
            Type::INT8 => portal.parameter::<i64>(at, &Type::INT8)?.map(Parameter::Whole),
            Type::FLOAT4 => portal.parameter::<f32>(at, &Type::FLOAT4)?.map(|own| Parameter::Number(own.into())),
            Type::FLOAT8 => portal.parameter::<f64>(at, &Type::FLOAT8)?.map(Parameter::Number),
            // a client that says no kind sends text, and means what it looks like
            Type::UNKNOWN => portal.parameter::<String>(at, &Type::TEXT)?.map(|own| Parameter::read(&own)),
            _ => portal.parameter::<String>(at, &Type::TEXT)?.map(Parameter::Text),
        };
        values.insert(format!("${}", at + 1), value.unwrap_or(Parameter::Null));
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_by_the_highest() {
        for (sql, expected) in [("select 1", 0), ("select $1, $2, $1", 2), ("select $3", 3), ("select '$', $999", 0)] {
            assert_eq!(number(sql), expected, "{sql}");
        }
    }
}
