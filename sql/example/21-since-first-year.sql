-- name: example/21-since-first-year
-- title_sv: Hur mycket har grupperna ändrats under seriens alla år?
-- title_en: How much have the groups changed over all years of the series?
-- text_sv: Skillnaden mellan gruppens första och sista visade år i samma serie. Grupper som inte har visats alla år kan ha andra första och sista år än de övriga.
-- text_en: The difference between the group's first and last shown year of the same series. Groups that were not shown in all years can have another first and last year than the rest.
-- parameters: indicator=index
with spans as (
    select instrument, indicator, group_id, series, min(year) as first_year, max(year) as last_year
    from figures
    where instrument = 'digital-maturity' and indicator = :indicator and mean is not null and mean_bound is null
    group by instrument, indicator, group_id, series
)
select
    s.group_id,
    l.group_name_sv,
    s.series,
    s.first_year,
    f.mean as first_mean,
    s.last_year,
    l.mean as last_mean,
    l.mean - f.mean as difference
from spans as s
join figures as f
    on f.instrument = s.instrument
    and f.indicator = s.indicator
    and f.group_id = s.group_id
    and f.year = s.first_year
join named_figures as l
    on l.instrument = s.instrument
    and l.indicator = s.indicator
    and l.group_id = s.group_id
    and l.year = s.last_year
where s.first_year < s.last_year and l.kind in ('all', 'sector', 'skr-main-group', 'skr-group')
order by difference desc, s.group_id, s.series
