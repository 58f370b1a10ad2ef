//! Calls of functions, and windows over rows.

use datafusion::sql::sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArgumentList, FunctionArguments,
    Value, ValueWithSpan, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowSpec, WindowType,
};

use super::{Code, Place, Refusal, Walk, at_most, limit, name, none, not_allowed, off};
use crate::query::function;

impl Walk<'_> {
    pub(super) fn function(&mut self, call: &Function) -> Result<(), Refusal> {
        let Function {
            name: called,
            uses_odbc_syntax,
            parameters,
            args,
            filter,
            null_treatment: _,
            over,
            within_group,
        } = call;
        off(*uses_odbc_syntax, "{fn …}")?;
        match parameters {
            FunctionArguments::None => {}
            FunctionArguments::Subquery(_) | FunctionArguments::List(_) => return Err(not_allowed("f(…)(…)", None)),
        }
        let parts = name::parts(called)?;
        let [own] = parts.as_slice() else { return Err(not_allowed("a.f()", parts.first().map(|part| part.span))) };
        let word = name::folded(own);
        if !function::is_offered(&word) {
            let near = name::nearest(&word, function::names());
            let [sv, en] = near.map_or([String::new(), String::new()], |near| {
                [format!(" Menas {near}?"), format!(" Is {near} meant?")]
            });
            let shown = name::shown(&own.value);
            return Err(Refusal::new(
                Code::UnknownFunction,
                format!("Funktionen {shown} erbjuds inte.{sv} De som går att använda står på sidan om SQL."),
                format!(
                    "The function {shown} is not offered.{en} Those that can be used are listed on the page about SQL."
                ),
            )
            .at(Place::of(own.span)));
        }
        match args {
            FunctionArguments::None => return Err(not_allowed(&word, Some(own.span))),
            FunctionArguments::Subquery(_) => return Err(not_allowed("f(SELECT …)", Some(own.span))),
            FunctionArguments::List(list) => self.arguments(list)?,
        }
        self.orders(within_group)?;
        self.all(filter.iter().map(|own| &**own))?;
        match over {
            None => {}
            Some(window) => {
                self.windows += 1;
                at_most(self.windows, limit::WINDOWS_MAX, "fönsterfunktioner", "window functions")?;
                match window {
                    WindowType::WindowSpec(own) => self.window(own)?,
                    // what it names is checked where it is defined
                    WindowType::NamedWindow(_) => {}
                }
            }
        }
        Ok(())
    }

    fn arguments(&mut self, list: &FunctionArgumentList) -> Result<(), Refusal> {
        let FunctionArgumentList { duplicate_treatment: _, args, clauses } = list;
        at_most(args.len(), limit::ARGUMENTS_MAX, "argument till en funktion", "arguments of one function")?;
        for argument in args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => self.expression(expression)?,
                // `count(*)`
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => {}
                FunctionArg::Unnamed(
                    FunctionArgExpr::QualifiedWildcard(_) | FunctionArgExpr::WildcardWithOptions(_),
                ) => {
                    return Err(not_allowed("f(a.*)", None));
                }
                FunctionArg::Named { .. } | FunctionArg::ExprNamed { .. } => {
                    return Err(not_allowed("f(a => b)", None));
                }
            }
        }
        for clause in clauses {
            match clause {
                FunctionArgumentClause::IgnoreOrRespectNulls(_) => {}
                FunctionArgumentClause::OrderBy(orders) => self.orders(orders)?,
                FunctionArgumentClause::Limit(_)
                | FunctionArgumentClause::OnOverflow(_)
                | FunctionArgumentClause::Having(_)
                | FunctionArgumentClause::Separator(_)
                | FunctionArgumentClause::JsonNullClause(_)
                | FunctionArgumentClause::JsonReturningClause(_) => return Err(not_allowed("f(… LIMIT …)", None)),
            }
        }
        Ok(())
    }

    pub(super) fn window(&mut self, window: &WindowSpec) -> Result<(), Refusal> {
        let WindowSpec { window_name, partition_by, order_by, window_frame } = window;
        none(window_name.as_ref(), "OVER (w …)")?;
        self.all(partition_by)?;
        self.orders(order_by)?;
        let Some(WindowFrame { units, start_bound, end_bound }) = window_frame else { return Ok(()) };
        match units {
            WindowFrameUnits::Rows => {}
            WindowFrameUnits::Range => return Err(not_allowed("RANGE", None)),
            WindowFrameUnits::Groups => return Err(not_allowed("GROUPS", None)),
        }
        for bound in [Some(start_bound), end_bound.as_ref()].into_iter().flatten() {
            match bound {
                WindowFrameBound::CurrentRow => {}
                WindowFrameBound::Preceding(rows) | WindowFrameBound::Following(rows) => match rows.as_deref() {
                    None | Some(Expr::Value(ValueWithSpan { value: Value::Number(_, false), span: _ })) => {}
                    Some(_) => return Err(not_allowed("ROWS (…)", None)),
                },
            }
        }
        Ok(())
    }
}
