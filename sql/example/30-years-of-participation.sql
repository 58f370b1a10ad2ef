-- name: example/30-years-of-participation
-- title_sv: Hur många organisationer deltar varje gång?
-- title_en: How many organisations take part every time?
-- text_sv: Antal organisationer efter hur många år de har deltagit. De som har deltagit alla år kan följas över hela serien.
-- text_en: Organisations by the number of years in which they have taken part. Those who took part in all years can be followed over the whole series.
-- parameters: instrument=digital-maturity
with organisation_years as (
    select organisation, count(*) as years, min(year) as first_year, max(year) as last_year
    from group_members
    where instrument = :instrument and group_id = 'all'
    group by organisation
)
select
    years,
    count(*) as organisations,
    round(100.0 * count(*) / sum(count(*)) over (), 1) as share,
    min(first_year) as earliest_year,
    max(last_year) as latest_year
from organisation_years
group by years
order by years
