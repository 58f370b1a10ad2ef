//! The publisher's own two-way tables of one instrument: each query over who attended, and what becomes of its result.

use super::{PublishError, computed::Computer};
use crate::{
    definition::{CrossTable, Policy},
    disclosure::{CrossTables, EarlierCrossTables, Plan, Unprotected},
    release::ReleaseKind,
    score,
    table::Table,
};

pub(super) async fn tables(
    computer: &Computer<'_>,
    plan: &Plan,
    attendance: &Unprotected<Table>,
    earlier: &EarlierCrossTables,
    policy: &Policy,
) -> Result<CrossTables, PublishError> {
    let mut tables = CrossTables::default();
    let definitions = computer.order.definitions;
    let of_instrument = |table: &&CrossTable| *table.instrument.get_ref() == computer.instrument.id;
    for definition in definitions.cross_tables.iter().filter(of_instrument) {
        let engine = computer.engine(&format!("{}-{}", definition.id, policy.min_block)).await?;
        let query = definition.query.get_ref();
        let contributions = score::contributions(&engine, &definitions.sql, query, attendance.clone()).await?;
        let provisional = computer.order.kind == ReleaseKind::Preliminary;
        tables.add(definition, plan, (attendance, &contributions), earlier, provisional, policy)?;
    }
    Ok(tables)
}
