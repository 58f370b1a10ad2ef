-- name: view/target_gaps
-- purpose: each shown figure of a measure with a target, in any group, beside the target's value
-- grain: instrument, indicator, group_id, year, target
-- measures: mean, target_value (per cent), target_gap (percentage points), pace_needed (percentage points a year), organisations
with series_of_years as (
    select instrument, year, min(series) as series
    from figures
    group by instrument, year
),
goals as (
    select t.target, t.instrument, t.indicator, t.group_id, t.to_year, t.to_value, s.series
    from targets as t
    left join series_of_years as s on s.instrument = t.instrument and s.year = t.from_year
)
select
    f.instrument,
    f.indicator,
    f.group_id,
    f.year,
    f.series,
    f.status,
    f.mean,
    f.mean_bound,
    f.organisations,
    t.target,
    t.group_id as target_group,
    t.to_year as target_year,
    t.to_value as target_value,
    case when f.mean_bound is null then t.to_value - f.mean end as target_gap,
    greatest(t.to_year - f.year, 0) as years_left,
    case
        when f.mean_bound is null and f.year < t.to_year
            then round(cast(t.to_value - f.mean as double) / nullif(t.to_year - f.year, 0), 1)
    end as pace_needed
from figures as f
join goals as t
    on t.instrument = f.instrument
    and t.indicator = f.indicator
    and coalesce(t.series, f.series) = f.series
where f.mean is not null
