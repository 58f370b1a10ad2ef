//! What stands after `from`: tables, subqueries and joins of them.

use datafusion::sql::sqlparser::ast::{
    Join, JoinConstraint, JoinOperator, TableAlias, TableAliasColumnDef, TableFactor, TableWithJoins,
};

use super::{Refusal, Walk, at_most, empty, limit, none, not_allowed, off};

pub(super) fn few_joins(joins: usize) -> Result<(), Refusal> {
    at_most(joins, limit::JOINS_MAX, "kopplingar mellan tabeller", "joins")
}

/// Another name for a source, with names for its columns.
pub(super) fn alias(alias: &TableAlias) -> Result<(), Refusal> {
    let TableAlias { explicit: _, name: _, columns, at } = alias;
    none(at.as_ref(), "AT")?;
    columns.iter().try_for_each(|TableAliasColumnDef { name: _, data_type }| none(data_type.as_ref(), "AS (… TYPE)"))
}

impl Walk<'_> {
    pub(super) fn source(&mut self, source: &TableWithJoins) -> Result<(), Refusal> {
        let TableWithJoins { relation, joins } = source;
        self.factor(relation)?;
        for Join { relation, global, join_operator } in joins {
            off(*global, "GLOBAL JOIN")?;
            self.joins += 1;
            few_joins(self.joins)?;
            self.factor(relation)?;
            self.join(join_operator)?;
        }
        Ok(())
    }

    fn join(&mut self, operator: &JoinOperator) -> Result<(), Refusal> {
        use JoinOperator as J;
        match operator {
            J::Join(on)
            | J::Inner(on)
            | J::Left(on)
            | J::LeftOuter(on)
            | J::Right(on)
            | J::RightOuter(on)
            | J::FullOuter(on)
            | J::CrossJoin(on)
            | J::LeftSemi(on)
            | J::RightSemi(on)
            | J::LeftAnti(on)
            | J::RightAnti(on) => match on {
                JoinConstraint::On(condition) => self.expression(condition),
                JoinConstraint::Using(names) => names.iter().try_for_each(|own| super::name::parts(own).map(|_| ())),
                JoinConstraint::Natural | JoinConstraint::None => Ok(()),
            },
            J::Semi(_) => Err(not_allowed("SEMI JOIN", None)),
            J::Anti(_) => Err(not_allowed("ANTI JOIN", None)),
            J::CrossApply | J::OuterApply => Err(not_allowed("APPLY", None)),
            J::AsOf { .. } => Err(not_allowed("ASOF JOIN", None)),
            J::StraightJoin(_) => Err(not_allowed("STRAIGHT_JOIN", None)),
            J::ArrayJoin | J::LeftArrayJoin | J::InnerArrayJoin => Err(not_allowed("ARRAY JOIN", None)),
        }
    }

    fn factor(&mut self, factor: &TableFactor) -> Result<(), Refusal> {
        use TableFactor as T;
        self.within(|walk| match factor {
            T::Table {
                name,
                alias: own,
                args,
                with_hints,
                version,
                with_ordinality,
                partitions,
                json_path,
                sample,
                index_hints,
            } => {
                none(args.as_ref(), "FROM f()")?;
                empty(with_hints, "WITH (…)")?;
                none(version.as_ref(), "FOR SYSTEM_TIME")?;
                off(*with_ordinality, "WITH ORDINALITY")?;
                empty(partitions, "PARTITION")?;
                none(json_path.as_ref(), "FROM t:path")?;
                none(sample.as_ref(), "TABLESAMPLE")?;
                empty(index_hints, "USE INDEX")?;
                own.iter().try_for_each(alias)?;
                walk.table(name)
            }
            T::Derived { lateral, subquery, alias: own, sample } => {
                off(*lateral, "LATERAL")?;
                none(sample.as_ref(), "TABLESAMPLE")?;
                own.iter().try_for_each(alias)?;
                walk.query(subquery)
            }
            T::NestedJoin { table_with_joins, alias: own } => {
                own.iter().try_for_each(alias)?;
                walk.source(table_with_joins)
            }
            T::TableFunction { .. } | T::Function { .. } => Err(not_allowed("FROM f()", None)),
            T::UNNEST { .. } => Err(not_allowed("UNNEST", None)),
            T::JsonTable { .. } | T::OpenJsonTable { .. } => Err(not_allowed("JSON_TABLE", None)),
            T::XmlTable { .. } => Err(not_allowed("XMLTABLE", None)),
            T::Pivot { .. } => Err(not_allowed("PIVOT", None)),
            T::Unpivot { .. } => Err(not_allowed("UNPIVOT", None)),
            T::MatchRecognize { .. } => Err(not_allowed("MATCH_RECOGNIZE", None)),
            T::SemanticView { .. } => Err(not_allowed("SEMANTIC_VIEW", None)),
        })
    }
}
