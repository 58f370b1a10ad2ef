//! Kinds of values that `cast` can make.

use datafusion::sql::sqlparser::ast::{DataType, ExactNumberInfo, TimezoneInfo};

use super::{Refusal, not_allowed};

/// Digits that a decimal number has at most.
const DIGITS_MAX: u64 = 38;

pub(super) fn check(kind: &DataType) -> Result<(), Refusal> {
    use DataType as K;
    match kind {
        K::SmallInt(None)
        | K::Int(None)
        | K::Integer(None)
        | K::BigInt(None)
        | K::Int2(None)
        | K::Int4(None)
        | K::Int8(None)
        | K::Real
        | K::Float(ExactNumberInfo::None)
        | K::Float4
        | K::Float8
        | K::Double(ExactNumberInfo::None)
        | K::DoublePrecision
        | K::Boolean
        | K::Bool
        | K::Text
        | K::Varchar(None)
        | K::CharacterVarying(None)
        | K::Date
        | K::Timestamp(None, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => Ok(()),
        K::Numeric(size) | K::Decimal(size) | K::Dec(size) => match size {
            ExactNumberInfo::None => Ok(()),
            ExactNumberInfo::Precision(digits) if *digits <= DIGITS_MAX => Ok(()),
            ExactNumberInfo::PrecisionAndScale(digits, scale)
                if *digits <= DIGITS_MAX && (0..=*digits as i64).contains(scale) =>
            {
                Ok(())
            }
            _ => Err(not_allowed("NUMERIC(> 38)", None)),
        },
        other => {
            let written: String = other.to_string().chars().take(30).collect();
            Err(not_allowed(&format!("CAST AS {written}"), None))
        }
    }
}
