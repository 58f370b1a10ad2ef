-- name: example/35-pace
-- title_sv: I vilken takt förändras grupperna, och när nås målvärdet?
-- title_en: At what pace do the groups change, and when is the target value reached?
-- text_sv: Lutningen på en rät linje genom årens medelvärden i en serie, och hur många år det tar till målvärdet i samma takt. Beräkningen är ingen prognos; den förutsätter att takten består.
-- text_en: The slope of a straight line through the years' means of one series, and how many years it takes to the target value at that pace. The calculation is no forecast; it takes for granted that the pace lasts.
-- parameters: year=2020
with latest as (
    select g.instrument, g.indicator, g.group_id, g.year, g.series, g.mean, g.target_value, g.target_gap, g.years_left
    from target_gaps as g
    where g.instrument = 'digital-maturity' and g.year = :year and g.target_gap is not null
),
lines as (
    select
        f.group_id,
        count(*) as years,
        regr_slope(cast(f.mean as double), cast(f.year as double)) as pace,
        regr_r2(cast(f.mean as double), cast(f.year as double)) as fit
    from figures as f
    join latest as l
        on l.instrument = f.instrument
        and l.indicator = f.indicator
        and l.group_id = f.group_id
        and l.series = f.series
    where f.year <= :year and f.mean is not null and f.mean_bound is null
    group by f.group_id
)
select
    l.group_id,
    g.name_sv,
    l.mean,
    p.years,
    round(p.pace, 2) as pace,
    round(p.fit, 2) as fit,
    l.target_gap,
    l.years_left,
    case when p.pace > 0 and l.target_gap > 0 then round(l.target_gap / p.pace, 1) end as years_at_pace
from latest as l
join lines as p on p.group_id = l.group_id
join groups as g on g.instrument = l.instrument and g.group_id = l.group_id
where p.years >= 3 and g.kind in ('all', 'sector', 'skr-main-group')
order by l.group_id
