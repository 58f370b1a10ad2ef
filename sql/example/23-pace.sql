-- name: example/23-pace
-- title_sv: I vilken takt går det framåt?
-- title_en: At what pace does it move on?
-- text_sv: Lutningen på en rät linje genom åren, i procentenheter per år, och hur länge det dröjer till 80 procent i samma takt.
-- text_en: The slope of a straight line through the years, in percentage points a year, and how long it takes to 80 per cent at that pace.
with lines as (
    select
        group_id,
        regr_slope(cast(mean as double), cast(year as double)) as pace,
        count(*) as years,
        max(year) as last_year
    from figures
    where instrument = 'digital-maturity' and indicator = 'index' and mean is not null
    group by group_id
    having count(*) >= 4
)
select
    l.group_id,
    round(l.pace, 2) as points_a_year,
    f.mean,
    case when l.pace > 0 then round((80 - f.mean) / l.pace, 0) end as years_left
from lines as l
join figures as f
    on f.group_id = l.group_id and f.year = l.last_year and f.instrument = 'digital-maturity' and f.indicator = 'index'
order by l.pace desc, l.group_id
limit 20
