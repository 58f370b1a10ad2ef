-- name: example/13-peers
-- title_sv: Vilka liknande organisationer ingår i samma grupp?
-- title_en: Which similar organisations are in the same group?
-- text_sv: Medlemmarna i den minsta visade grupp med publicerad fördelning som organisationen räknas i. Gruppen bygger på offentliga uppgifter och inte på resultat.
-- text_en: The members of the smallest shown group with a published distribution in which the organisation counts. The group is made from public facts and not from results.
-- parameters: organisation=municipality-2281 year=2020
with own_groups as (
    select
        m.instrument,
        m.group_id,
        m.year,
        row_number() over (order by f.organisations, m.group_id) as place
    from group_members as m
    join groups as g on g.instrument = m.instrument and g.group_id = m.group_id
    join figures as f
        on f.instrument = m.instrument
        and f.group_id = m.group_id
        and f.year = m.year
        and f.indicator = 'index'
    where m.instrument = 'digital-maturity' and m.organisation = :organisation and m.year = :year
        and g.histogram and f.mean is not null
)
select p.group_id, o.organisation, o.name, o.county_name, o.skr_group_2023
from own_groups as g
join group_members as p on p.instrument = g.instrument and p.group_id = g.group_id and p.year = g.year
join organisations as o on o.organisation = p.organisation
where g.place = 1
order by o.name, o.organisation
