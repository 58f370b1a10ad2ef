-- name: view/block_shares
-- purpose: each class of a published distribution as a share of the group's organisations
-- grain: instrument, indicator, group_id, year, class_from
-- measures: organisations, share (per cent)
with totals as (
    select instrument, indicator, group_id, year, sum(organisations) as organisations
    from blocks
    group by instrument, indicator, group_id, year
)
select
    b.instrument,
    b.indicator,
    b.group_id,
    b.year,
    b.class_from,
    b.class_to,
    b.organisations,
    cast(100 * b.organisations as double) / nullif(t.organisations, 0) as share
from blocks as b
join totals as t
    on t.instrument = b.instrument
    and t.indicator = b.indicator
    and t.group_id = b.group_id
    and t.year = b.year
