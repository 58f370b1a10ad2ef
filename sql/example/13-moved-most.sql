-- name: example/13-moved-most
-- title_sv: Vilka grupper har förändrats mest?
-- title_en: Which groups have changed the most?
-- text_sv: Grupper ordnade efter förändringens storlek, uppåt eller nedåt. Små grupper svänger mer av en slump.
-- text_en: Groups in the order of the size of their change, up or down. Small groups move more by chance.
-- parameters: year=2020
select c.group_id, g.name_sv, c.change, c.change_matched, c.organisations_matched
from changes as c
join groups as g on g.instrument = c.instrument and g.group_id = c.group_id
where c.instrument = 'digital-maturity' and c.indicator = 'index' and c.year = :year and c.change is not null
order by abs(c.change) desc, c.group_id
limit 10
