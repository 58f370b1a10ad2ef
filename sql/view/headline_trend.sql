-- name: view/headline_trend
-- purpose: the headline measure of each instrument for all organisations together, with its change and the path to its target
-- grain: instrument, year
-- measures: mean (per cent), change, change_matched, change_composition, target_gap (percentage points), target_path (per cent), organisations, respondents
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
    t.target,
    t.to_year as target_year,
    t.to_value as target_value,
    t.to_value - f.mean as target_gap,
    case
        when f.year between t.from_year and t.to_year
            then t.from_value + 1.0 * (t.to_value - t.from_value) * (f.year - t.from_year) / nullif(t.to_year - t.from_year, 0)
    end as target_path
from figures as f
join indicators as i on i.instrument = f.instrument and i.indicator = f.indicator
left join changes as c
    on c.instrument = f.instrument and c.indicator = f.indicator and c.group_id = f.group_id and c.year = f.year
left join targets as t on t.instrument = f.instrument and t.indicator = f.indicator and t.group_id = f.group_id
where i.headline and f.group_id = 'all'
