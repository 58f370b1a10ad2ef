-- name: example/09-peers
-- title_sv: Vilka i samma kommungrupp deltog?
-- title_en: Who of the same group of municipalities took part?
-- text_sv: Deltagande kommuner i samma SKR-grupp som den valda. Att de deltog är offentligt, deras resultat är det inte.
-- text_en: Participating municipalities of the same SKR group as the chosen one. That they took part is public, and their results are not.
-- parameters: organisation=municipality-2281 year=2020
select o.name, o.county_name, o.skr_group_2023, p.group_id
from group_members as m
join groups as g on g.instrument = m.instrument and g.group_id = m.group_id and g.kind = 'skr-group'
join group_members as p on p.instrument = m.instrument and p.group_id = m.group_id and p.year = m.year
join organisations as o on o.organisation = p.organisation
where m.instrument = 'digital-maturity' and m.organisation = :organisation and m.year = :year
order by p.group_id, o.name, o.organisation
