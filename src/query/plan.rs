//! The second look, at what the engine made of a query: kinds of plans and operators are on lists, so that what a rewriting brings
//! in is refused as well, and joins without equality are kept small.

use std::sync::Arc;

use datafusion::{
    common::{
        stats::Precision,
        tree_node::{TreeNode as _, TreeNodeRecursion},
    },
    logical_expr::{Expr, LogicalPlan},
    physical_plan::{
        ExecutionPlan,
        statistics::{StatisticsArgs, StatisticsContext},
    },
};

use super::{
    function, limit,
    refusal::{Code, Refusal},
};

/// Operators that may run.
const OPERATORS: [&str; 25] = [
    "AggregateExec",
    "BoundedWindowAggExec",
    "CoalesceBatchesExec",
    "CoalescePartitionsExec",
    "CooperativeExec",
    "CrossJoinExec",
    "DataSourceExec",
    "EmptyExec",
    "FilterExec",
    "GlobalLimitExec",
    "HashJoinExec",
    "InterleaveExec",
    "LocalLimitExec",
    "NestedLoopJoinExec",
    "PartialSortExec",
    "PiecewiseMergeJoinExec",
    "PlaceholderRowExec",
    "ProjectionExec",
    "ScalarSubqueryExec",
    "SortExec",
    "SortExec(TopK)",
    "SortMergeJoinExec",
    "SortPreservingMergeExec",
    "UnionExec",
    "WindowAggExec",
];

/// Operators that pair every row of one side with every row of the other.
const PAIRING: [&str; 3] = ["CrossJoinExec", "NestedLoopJoinExec", "PiecewiseMergeJoinExec"];

/// Looks at a logical plan with its subqueries.
pub(super) fn logical(plan: &LogicalPlan) -> Result<(), Refusal> {
    let mut refusal = None;
    let walked = plan.apply_with_subqueries(|node| {
        let found = node_of(node).and_then(|()| expressions_of(node));
        if let Err(found) = found {
            refusal.get_or_insert(found);
            return Ok(TreeNodeRecursion::Stop);
        }
        Ok(TreeNodeRecursion::Continue)
    });
    match (refusal, walked) {
        (Some(refusal), _) => Err(refusal),
        (None, Ok(_)) => Ok(()),
        (None, Err(_)) => Err(refused("PLAN")),
    }
}

fn node_of(node: &LogicalPlan) -> Result<(), Refusal> {
    use LogicalPlan as P;
    match node {
        P::Projection(_)
        | P::Filter(_)
        | P::Window(_)
        | P::Aggregate(_)
        | P::Sort(_)
        | P::Join(_)
        | P::Union(_)
        | P::TableScan(_)
        | P::EmptyRelation(_)
        | P::Subquery(_)
        | P::SubqueryAlias(_)
        | P::Limit(_)
        | P::Values(_)
        | P::Distinct(_) => Ok(()),
        P::Repartition(_) => Err(refused("REPARTITION")),
        P::Statement(_) => Err(refused("STATEMENT")),
        P::Explain(_) | P::Analyze(_) => Err(refused("EXPLAIN")),
        P::DescribeTable(_) => Err(refused("DESCRIBE")),
        P::Extension(_) => Err(refused("EXTENSION")),
        P::Dml(_) | P::Copy(_) => Err(refused("COPY")),
        P::Ddl(_) => Err(refused("CREATE")),
        P::Unnest(_) => Err(refused("UNNEST")),
        P::RecursiveQuery(_) => Err(refused("WITH RECURSIVE")),
        #[expect(unreachable_patterns, reason = "a kind that a later engine adds is refused")]
        _ => Err(refused("PLAN")),
    }
}

fn expressions_of(node: &LogicalPlan) -> Result<(), Refusal> {
    let mut refusal = None;
    let walked = node.apply_expressions(|expression| {
        expression.apply(|part| match part_of(part) {
            Ok(()) => Ok(TreeNodeRecursion::Continue),
            Err(found) => {
                refusal.get_or_insert(found);
                Ok(TreeNodeRecursion::Stop)
            }
        })
    });
    match (refusal, walked) {
        (Some(refusal), _) => Err(refusal),
        (None, Ok(_)) => Ok(()),
        (None, Err(_)) => Err(refused("PLAN")),
    }
}

fn part_of(part: &Expr) -> Result<(), Refusal> {
    use Expr as E;
    let offered = |name: &str| if function::is_offered(name) { Ok(()) } else { Err(refused(&format!("{name}()"))) };
    match part {
        E::ScalarFunction(call) => offered(call.func.name()),
        E::AggregateFunction(call) => offered(call.func.name()),
        E::WindowFunction(call) => offered(call.fun.name()),
        E::Alias(_)
        | E::Column(_)
        | E::Literal(..)
        | E::BinaryExpr(_)
        | E::Like(_)
        | E::Not(_)
        | E::IsNotNull(_)
        | E::IsNull(_)
        | E::IsTrue(_)
        | E::IsFalse(_)
        | E::IsUnknown(_)
        | E::IsNotTrue(_)
        | E::IsNotFalse(_)
        | E::IsNotUnknown(_)
        | E::Negative(_)
        | E::Between(_)
        | E::Case(_)
        | E::Cast(_)
        | E::TryCast(_)
        | E::InList(_)
        | E::Exists(_)
        | E::InSubquery(_)
        | E::ScalarSubquery(_)
        | E::GroupingSet(_)
        | E::OuterReferenceColumn(..) => Ok(()),
        _ => Err(refused("f()")),
    }
}

/// Looks at a physical plan.
pub(super) fn physical(plan: &Arc<dyn ExecutionPlan>) -> Result<(), Refusal> {
    let name = plan.name();
    if !OPERATORS.contains(&name) {
        // which one it is tells nothing that a reader could use
        tracing::warn!(name, "an operator is on no list");
        return Err(refused("PLAN"));
    }
    if PAIRING.contains(&name) && !plan.children().iter().any(|child| is_small(child)) {
        let max = limit::PAIRED_ROWS_MAX;
        return Err(Refusal::new(
            Code::ComplexityLimit,
            format!(
                "Kopplingen saknar likhet mellan kolumner, och ingen sida har högst {max} rader. Koppla med =, eller välj ut rader först."
            ),
            format!(
                "The join has no equality of columns, and neither side has at most {max} rows. Join with =, or select rows first."
            ),
        ));
    }
    plan.children().into_iter().try_for_each(physical)
}

fn is_small(side: &Arc<dyn ExecutionPlan>) -> bool {
    // a `limit` is kept by what stands below it, which need not count it in its statistics
    if side.fetch().is_some_and(|rows| rows <= limit::PAIRED_ROWS_MAX) {
        return true;
    }
    match StatisticsContext::new().compute(&**side, &StatisticsArgs::default()).map(|found| found.num_rows) {
        Ok(Precision::Exact(rows) | Precision::Inexact(rows)) => rows <= limit::PAIRED_ROWS_MAX,
        Ok(Precision::Absent) | Err(_) => false,
    }
}

fn refused(what: &str) -> Refusal {
    Refusal::new(
        Code::NotAllowed,
        format!("{what} erbjuds inte. Vad som går att använda står på sidan om SQL."),
        format!("{what} is not offered. What can be used is listed on the page about SQL."),
    )
}
