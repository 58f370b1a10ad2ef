-- name: example/10-size-classes
-- title_sv: Skiljer sig små och stora kommuner åt?
-- title_en: Do small and large municipalities differ?
-- text_sv: En rad per storleksklass, med den grupp som visas för den. Flera klasser kan ha samma visade grupp, och ett samband med storlek säger inget om orsaken.
-- text_en: A row for each size class, with the group that is shown for it. Several classes can have the same shown group, and a relationship with size says nothing of its cause.
-- parameters: indicator=index year=2020
with classes as (
    select f.instrument, f.indicator, f.year, f.group_id, f.group_name_sv, coalesce(f.answers_with, f.group_id) as shown
    from named_figures as f
    join groups as g on g.instrument = f.instrument and g.group_id = f.group_id
    where f.instrument = 'digital-maturity' and f.indicator = :indicator and f.year = :year
        and f.kind = 'size' and g.merged_from is null
)
select c.group_id, c.group_name_sv, s.group_id as shown_group, s.mean, s.organisations
from classes as c
join figures as s
    on s.instrument = c.instrument
    and s.indicator = c.indicator
    and s.year = c.year
    and s.group_id = c.shown
order by c.group_id
