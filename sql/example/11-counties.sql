-- name: example/11-counties
-- title_sv: Vilken siffra gäller för varje län?
-- title_en: Which figure holds for each county?
-- text_sv: En rad per län, med gruppen av län som visas när länet inte visas för sig. Siffran avser länets kommuner, och län med samma visade grupp har samma siffra.
-- text_en: A row for each county, with the group of counties that is shown where the county is not shown by itself. The figure is about the county's municipalities, and counties with the same shown group have the same figure.
-- parameters: indicator=index year=2020
with counties as (
    select f.instrument, f.indicator, f.year, f.group_id, f.group_name_sv, coalesce(f.answers_with, f.group_id) as shown
    from named_figures as f
    join groups as g on g.instrument = f.instrument and g.group_id = f.group_id
    where f.instrument = 'digital-maturity' and f.indicator = :indicator and f.year = :year
        and f.kind = 'county' and g.merged_from is null
)
select
    c.group_id,
    c.group_name_sv,
    s.group_id as shown_group,
    count(*) over (partition by s.group_id) as counties_together,
    s.mean,
    s.organisations
from counties as c
join figures as s
    on s.instrument = c.instrument
    and s.indicator = c.indicator
    and s.year = c.year
    and s.group_id = c.shown
order by c.group_id
