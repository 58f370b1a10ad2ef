//! Queries, `select` and what stands around it.

use std::collections::BTreeMap;

use datafusion::sql::sqlparser::ast::{
    Cte, Distinct, Expr, GroupByExpr, LimitClause, NamedWindowDefinition, NamedWindowExpr, Offset, OrderBy,
    OrderByExpr, OrderByKind, Query, Select, SelectFlavor, SelectItem, SelectItemQualifiedWildcardKind, SetExpr,
    SetQuantifier, Value, ValueWithSpan, Values, WildcardAdditionalOptions, With,
};

use super::{Refusal, Walk, at_most, empty, limit, name, none, not_allowed, off};

impl Walk<'_> {
    /// A query with all that belongs to it.
    pub(super) fn query(&mut self, query: &Query) -> Result<(), Refusal> {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        none(fetch.as_ref(), "FETCH")?;
        empty(locks, "FOR UPDATE")?;
        none(for_clause.as_ref(), "FOR")?;
        none(settings.as_ref(), "SETTINGS")?;
        none(format_clause.as_ref(), "FORMAT")?;
        empty(pipe_operators, "|>")?;
        self.within(|walk| {
            walk.named.push(BTreeMap::new());
            if let Some(With { with_token: _, recursive, cte_tables }) = with {
                off(*recursive, "WITH RECURSIVE")?;
                for cte in cte_tables {
                    walk.named_query(cte)?;
                }
            }
            walk.body(body)?;
            if let Some(OrderBy { kind, interpolate }) = order_by {
                none(interpolate.as_ref(), "INTERPOLATE")?;
                match kind {
                    OrderByKind::All(_) => {}
                    OrderByKind::Expressions(orders) => walk.orders(orders)?,
                }
            }
            match limit_clause {
                None => {}
                Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                    empty(limit_by, "LIMIT BY")?;
                    for expression in limit.iter().chain(offset.iter().map(|Offset { value, rows: _ }| value)) {
                        number(expression)?;
                    }
                }
                Some(LimitClause::OffsetCommaLimit { .. }) => return Err(not_allowed("LIMIT n, m", None)),
            }
            walk.named.pop();
            Ok(())
        })
    }

    /// A query named by `with`: what it is made of counts each time that it is used, and not here.
    fn named_query(&mut self, cte: &Cte) -> Result<(), Refusal> {
        let Cte { alias, query, from, materialized, closing_paren_token: _ } = cte;
        none(from.as_ref(), "FROM")?;
        none(materialized.as_ref(), "MATERIALIZED")?;
        self.with += 1;
        at_most(self.with, limit::WITH_MAX, "frågor efter with", "queries after `with`")?;
        let before = std::mem::take(&mut self.tables);
        self.query(query)?;
        let own = std::mem::replace(&mut self.tables, before);
        super::source::alias(alias)?;
        if let Some(scope) = self.named.last_mut() {
            scope.insert(name::folded(&alias.name), own);
        }
        Ok(())
    }

    fn body(&mut self, body: &SetExpr) -> Result<(), Refusal> {
        self.within(|walk| match body {
            SetExpr::Select(select) => walk.select(select),
            SetExpr::Query(query) => walk.query(query),
            SetExpr::SetOperation { left, op: _, set_quantifier, right } => {
                match set_quantifier {
                    SetQuantifier::All | SetQuantifier::Distinct | SetQuantifier::None => {}
                    SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName => {
                        return Err(not_allowed("BY NAME", None));
                    }
                }
                walk.united += 1;
                let (sv, en) = (
                    "frågor som läggs ihop med union, intersect eller except",
                    "queries put together by union, intersect or except",
                );
                at_most(walk.united, limit::UNITED_MAX, sv, en)?;
                walk.body(left)?;
                walk.body(right)
            }
            SetExpr::Values(values) => walk.values(values),
            SetExpr::Insert(_) => Err(not_allowed("INSERT", None)),
            SetExpr::Update(_) => Err(not_allowed("UPDATE", None)),
            SetExpr::Delete(_) => Err(not_allowed("DELETE", None)),
            SetExpr::Merge(_) => Err(not_allowed("MERGE", None)),
            SetExpr::Table(_) => Err(not_allowed("TABLE", None)),
        })
    }

    fn values(&mut self, values: &Values) -> Result<(), Refusal> {
        let Values { explicit_row, value_keyword, rows } = values;
        off(*explicit_row, "ROW()")?;
        off(*value_keyword, "VALUE")?;
        at_most(rows.len(), limit::VALUES_MAX, "rader efter values", "rows after `values`")?;
        rows.iter().flat_map(|row| row.content.iter()).try_for_each(|value| self.expression(value))
    }

    fn select(&mut self, select: &Select) -> Result<(), Refusal> {
        let Select {
            select_token: _,
            optimizer_hints,
            distinct,
            select_modifiers,
            top,
            top_before_distinct,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        empty(optimizer_hints, "/*+ */")?;
        none(select_modifiers.as_ref(), "SELECT")?;
        none(top.as_ref(), "TOP")?;
        off(*top_before_distinct, "TOP")?;
        none(exclude.as_ref(), "EXCLUDE")?;
        none(into.as_ref(), "INTO")?;
        empty(lateral_views, "LATERAL VIEW")?;
        none(prewhere.as_ref(), "PREWHERE")?;
        empty(connect_by, "CONNECT BY")?;
        empty(cluster_by, "CLUSTER BY")?;
        empty(distribute_by, "DISTRIBUTE BY")?;
        empty(sort_by, "SORT BY")?;
        none(value_table_mode.as_ref(), "SELECT AS")?;
        match flavor {
            SelectFlavor::Standard => {}
            SelectFlavor::FromFirst | SelectFlavor::FromFirstNoSelect => return Err(not_allowed("FROM …", None)),
        }
        // what can be named stands in `from`
        for source in from {
            self.source(source)?;
        }
        self.joins += from.len().saturating_sub(1);
        super::source::few_joins(self.joins)?;
        match distinct {
            None | Some(Distinct::Distinct | Distinct::All) => {}
            Some(Distinct::On(expressions)) => self.all(expressions)?,
        }
        at_most(projection.len(), limit::COLUMNS_MAX, "kolumner", "columns")?;
        for item in projection {
            self.item(item)?;
        }
        if let Some(condition) = selection {
            self.expression(condition)?;
        }
        match group_by {
            GroupByExpr::All(modifiers) => empty(modifiers, "GROUP BY ALL WITH")?,
            GroupByExpr::Expressions(expressions, modifiers) => {
                empty(modifiers, "GROUP BY … WITH")?;
                self.groups(expressions)?;
            }
        }
        for NamedWindowDefinition(_, window) in named_window {
            match window {
                NamedWindowExpr::WindowSpec(own) => self.window(own)?,
                NamedWindowExpr::NamedWindow(own) => return Err(not_allowed("WINDOW", Some(own.span))),
            }
        }
        having.iter().chain(qualify).try_for_each(|condition| self.expression(condition))
    }

    fn item(&mut self, item: &SelectItem) -> Result<(), Refusal> {
        match item {
            SelectItem::UnnamedExpr(expression) | SelectItem::ExprWithAlias { expr: expression, alias: _ } => {
                self.expression(expression)
            }
            SelectItem::ExprWithAliases { .. } => Err(not_allowed("AS (…)", None)),
            SelectItem::Wildcard(options) => plain(options),
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(own), options) => {
                name::parts(own)?;
                plain(options)
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(_), _) => {
                Err(not_allowed("(…).*", None))
            }
        }
    }

    /// What rows are grouped by; sets of it multiply.
    fn groups(&mut self, expressions: &[Expr]) -> Result<(), Refusal> {
        let mut sets = 1_usize;
        for expression in expressions {
            let own = match expression {
                Expr::GroupingSets(sets) => Some((sets, sets.len())),
                Expr::Rollup(sets) => Some((sets, sets.len() + 1)),
                Expr::Cube(sets) => Some((sets, 1_usize.checked_shl(sets.len().min(60) as u32).unwrap_or(usize::MAX))),
                _ => None,
            };
            match own {
                None => self.expression(expression)?,
                Some((lists, number)) => {
                    sets = sets.saturating_mul(number.max(1));
                    at_most(sets, limit::GROUPING_SETS_MAX, "mängder att gruppera efter", "sets to group by")?;
                    lists.iter().try_for_each(|list| self.all(list))?;
                }
            }
        }
        Ok(())
    }

    /// What rows are put in order by.
    pub(super) fn orders(&mut self, orders: &[OrderByExpr]) -> Result<(), Refusal> {
        orders.iter().try_for_each(|OrderByExpr { expr, options: _, with_fill }| {
            none(with_fill.as_ref(), "WITH FILL")?;
            self.expression(expr)
        })
    }
}

/// All columns, without conditions on which.
fn plain(options: &WildcardAdditionalOptions) -> Result<(), Refusal> {
    let WildcardAdditionalOptions {
        wildcard_token: _,
        opt_ilike,
        opt_exclude,
        opt_except,
        opt_replace,
        opt_rename,
        opt_alias,
    } = options;
    none(opt_ilike.as_ref(), "* ILIKE")?;
    none(opt_exclude.as_ref(), "* EXCLUDE")?;
    none(opt_except.as_ref(), "* EXCEPT")?;
    none(opt_replace.as_ref(), "* REPLACE")?;
    none(opt_rename.as_ref(), "* RENAME")?;
    none(opt_alias.as_ref(), "* AS")
}

/// A number as it is written: how many rows are wanted is not computed.
fn number(expression: &Expr) -> Result<(), Refusal> {
    match expression {
        Expr::Value(ValueWithSpan { value: Value::Number(_, false) | Value::Null, span: _ }) => Ok(()),
        _ => Err(not_allowed("LIMIT (…)", None)),
    }
}
