//! Expressions.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DateTimeField, Expr, TypedString, UnaryOperator, Value,
    ValueWithSpan,
};

use super::{Code, Place, Refusal, Walk, at_most, kind, limit, none, not_allowed, off};

impl Walk<'_> {
    pub(super) fn all<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr>) -> Result<(), Refusal> {
        expressions.into_iter().try_for_each(|expression| self.expression(expression))
    }

    pub(super) fn expression(&mut self, expression: &Expr) -> Result<(), Refusal> {
        self.within(|walk| walk.part(expression))
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of expression that there is")]
    fn part(&mut self, expression: &Expr) -> Result<(), Refusal> {
        use Expr as E;
        match expression {
            E::Identifier(_) => Ok(()),
            // schema, table, column
            E::CompoundIdentifier(parts) if parts.len() <= 3 => Ok(()),
            E::CompoundIdentifier(parts) => Err(not_allowed("a.b.c.d", parts.first().map(|part| part.span))),
            E::Value(value) => literal(value),
            E::TypedString(TypedString { data_type, value, uses_odbc_syntax: _ }) => {
                kind::check(data_type)?;
                literal(value)
            }
            E::Nested(own)
            | E::IsFalse(own)
            | E::IsNotFalse(own)
            | E::IsTrue(own)
            | E::IsNotTrue(own)
            | E::IsNull(own)
            | E::IsNotNull(own)
            | E::IsUnknown(own)
            | E::IsNotUnknown(own) => self.expression(own),
            E::IsDistinctFrom(left, right) | E::IsNotDistinctFrom(left, right) => self.all([&**left, &**right]),
            E::InList { expr, list, negated: _ } => {
                at_most(list.len(), limit::LIST_MAX, "värden efter in", "values after `in`")?;
                self.expression(expr)?;
                self.all(list)
            }
            E::InSubquery { expr, subquery, negated: _ } => {
                self.expression(expr)?;
                self.query(subquery)
            }
            E::Exists { subquery, negated: _ } | E::Subquery(subquery) => self.query(subquery),
            E::Between { expr, negated: _, low, high } => self.all([&**expr, &**low, &**high]),
            E::BinaryOp { left, op, right } => {
                operator(op)?;
                self.all([&**left, &**right])
            }
            E::UnaryOp { op, expr } => match op {
                UnaryOperator::Plus | UnaryOperator::Minus | UnaryOperator::Not => self.expression(expr),
                other => Err(not_allowed(&other.to_string(), None)),
            },
            E::Like { negated: _, any, expr, pattern, escape_char }
            | E::ILike { negated: _, any, expr, pattern, escape_char } => {
                off(*any, "LIKE ANY")?;
                none(escape_char.as_ref(), "ESCAPE")?;
                like(pattern)?;
                self.expression(expr)
            }
            E::Cast { kind: how, expr, data_type, array, format } => {
                match how {
                    CastKind::Cast | CastKind::TryCast | CastKind::DoubleColon => {}
                    CastKind::SafeCast => return Err(not_allowed("SAFE_CAST", None)),
                }
                off(*array, "CAST … ARRAY")?;
                none(format.as_ref(), "CAST … FORMAT")?;
                kind::check(data_type)?;
                self.expression(expr)
            }
            E::Extract { field, syntax: _, expr } => {
                use DateTimeField as F;
                match field {
                    F::Year | F::Month | F::Day | F::Quarter | F::Week(None) | F::Hour | F::Minute | F::Second => {}
                    other => return Err(not_allowed(&format!("EXTRACT({other})"), None)),
                }
                self.expression(expr)
            }
            E::Ceil { expr, field } | E::Floor { expr, field } => match field {
                CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => self.expression(expr),
                CeilFloorKind::DateTimeField(_) | CeilFloorKind::Scale(_) => Err(not_allowed("CEIL(… TO)", None)),
            },
            E::Position { expr, r#in } => self.all([&**expr, &**r#in]),
            E::Substring { expr, substring_from, substring_for, special: _, shorthand: _ } => {
                self.expression(expr)?;
                self.all(substring_from.iter().chain(substring_for).map(|own| &**own))
            }
            E::Trim { expr, trim_where: _, trim_what, trim_characters } => {
                none(trim_characters.as_ref(), "TRIM(…, …)")?;
                self.expression(expr)?;
                self.all(trim_what.iter().map(|own| &**own))
            }
            E::Case { case_token: _, end_token: _, operand, conditions, else_result } => {
                at_most(conditions.len(), limit::CASES_MAX, "fall i ett case", "cases of one `case`")?;
                for CaseWhen { condition, result } in conditions {
                    self.all([condition, result])?;
                }
                self.all(operand.iter().chain(else_result).map(|own| &**own))
            }
            E::Function(function) => self.function(function),
            // rows are compared one by one
            E::Tuple(_) => Err(not_allowed("(a, b)", None)),
            E::GroupingSets(_) | E::Cube(_) | E::Rollup(_) => Err(not_allowed("GROUPING SETS", None)),
            E::CompoundFieldAccess { .. } => Err(not_allowed("a[…]", None)),
            E::JsonAccess { .. } => Err(not_allowed("a:b", None)),
            E::IsNormalized { .. } => Err(not_allowed("IS NORMALIZED", None)),
            E::InUnnest { .. } => Err(not_allowed("IN UNNEST", None)),
            E::SimilarTo { .. } => Err(not_allowed("SIMILAR TO", None)),
            E::RLike { .. } => Err(not_allowed("RLIKE", None)),
            E::AnyOp { .. } => Err(not_allowed("ANY", None)),
            E::AllOp { .. } => Err(not_allowed("ALL", None)),
            E::Convert { .. } => Err(not_allowed("CONVERT", None)),
            E::AtTimeZone { .. } => Err(not_allowed("AT TIME ZONE", None)),
            E::Overlay { .. } => Err(not_allowed("OVERLAY", None)),
            E::Collate { .. } => Err(not_allowed("COLLATE", None)),
            E::Prefixed { prefix, .. } => Err(not_allowed("_…", Some(prefix.span))),
            E::Struct { .. } => Err(not_allowed("STRUCT", None)),
            E::Named { .. } => Err(not_allowed("AS", None)),
            E::Dictionary(_) => Err(not_allowed("{…}", None)),
            E::Map(_) => Err(not_allowed("MAP", None)),
            E::Array(_) => Err(not_allowed("ARRAY", None)),
            E::Interval(_) => Err(not_allowed("INTERVAL", None)),
            E::MatchAgainst { .. } => Err(not_allowed("MATCH", None)),
            E::Wildcard(_) | E::QualifiedWildcard(..) => Err(not_allowed("*", None)),
            E::OuterJoin(_) => Err(not_allowed("(+)", None)),
            E::Prior(_) => Err(not_allowed("PRIOR", None)),
            E::Lambda(_) => Err(not_allowed("->", None)),
            E::MemberOf(_) => Err(not_allowed("MEMBER OF", None)),
        }
    }
}

fn literal(value: &ValueWithSpan) -> Result<(), Refusal> {
    match &value.value {
        Value::Number(_, false) | Value::SingleQuotedString(_) | Value::Boolean(_) | Value::Null => Ok(()),
        other => {
            let written: String = other.to_string().chars().take(20).collect();
            Err(not_allowed(&written, Some(value.span)))
        }
    }
}

fn operator(operator: &BinaryOperator) -> Result<(), Refusal> {
    use BinaryOperator as O;
    match operator {
        O::Plus
        | O::Minus
        | O::Multiply
        | O::Divide
        | O::Modulo
        | O::StringConcat
        | O::Gt
        | O::Lt
        | O::GtEq
        | O::LtEq
        | O::Eq
        | O::NotEq
        | O::And
        | O::Or => Ok(()),
        other => Err(not_allowed(&other.to_string(), None)),
    }
}

/// A pattern that is written out and short: one that is computed would be compiled for every row.
fn like(pattern: &Expr) -> Result<(), Refusal> {
    match pattern {
        Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), span }) => {
            if text.len() <= limit::PATTERN_BYTES_MAX {
                return Ok(());
            }
            let max = limit::PATTERN_BYTES_MAX;
            Err(Refusal::new(
                Code::ComplexityLimit,
                format!("Mönstret efter like är längre än {max} byte."),
                format!("The pattern after `like` is longer than {max} bytes."),
            )
            .at(Place::of(*span)))
        }
        _ => Err(not_allowed("LIKE (…)", None)),
    }
}
