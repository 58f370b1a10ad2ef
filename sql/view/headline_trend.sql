-- name: view/headline_trend
-- purpose: the headline measure of each instrument for all organisations together, with its change and the path to its target
-- grain: instrument, year
-- measures: mean, target_path (per cent), change, change_matched, change_composition, target_gap (percentage points), organisations, respondents
with first_targets as (
    select instrument, indicator, group_id, min(target) as target
    from targets
    group by instrument, indicator, group_id
),
series_of_years as (
    select instrument, year, min(series) as series
    from figures
    group by instrument, year
),
paths as (
    select
        t.instrument,
        t.indicator,
        t.group_id,
        t.target,
        t.from_year,
        cast(t.from_value as double) as from_value,
        t.to_year,
        t.to_value,
        cast(t.to_value - t.from_value as double) / nullif(t.to_year - t.from_year, 0) as rise,
        s.series
    from targets as t
    join first_targets as f
        on f.instrument = t.instrument
        and f.indicator = t.indicator
        and f.group_id = t.group_id
        and f.target = t.target
    left join series_of_years as s on s.instrument = t.instrument and s.year = t.from_year
)
select
    f.instrument,
    f.indicator,
    f.year,
    f.series,
    f.status,
    f.mean,
    c.change,
    c.change_matched,
    c.change_composition,
    f.organisations,
    f.respondents,
    p.target,
    p.to_year as target_year,
    p.to_value as target_value,
    p.to_value - f.mean as target_gap,
    case
        when f.year between p.from_year and p.to_year then p.from_value + p.rise * (f.year - p.from_year)
    end as target_path
from figures as f
join indicators as i on i.instrument = f.instrument and i.indicator = f.indicator
left join changes as c
    on c.instrument = f.instrument
    and c.indicator = f.indicator
    and c.group_id = f.group_id
    and c.year = f.year
left join paths as p
    on p.instrument = f.instrument
    and p.indicator = f.indicator
    and p.group_id = f.group_id
    and coalesce(p.series, f.series) = f.series
    and f.mean is not null
where i.headline and f.group_id = 'all'
