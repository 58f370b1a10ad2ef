-- name: example/12-change-decomposed
-- title_sv: Beror förändringen på vilka som svarar?
-- title_en: Is the change due to who answers?
-- text_sv: Förändringen delas i den hos dem som svarade båda åren (change_matched) och den som beror på att andra svarar (change_composition).
-- text_en: The change is divided into that of those who answered in both years (change_matched) and that from others answering (change_composition).
select c.group_id, g.name_sv, c.year, c.change, c.change_matched, c.change_composition, c.organisations_matched
from changes as c
join groups as g on g.instrument = c.instrument and g.group_id = c.group_id
where c.instrument = 'digital-maturity' and c.indicator = 'index' and g.kind in ('all', 'sector') and c.change is not null
order by c.group_id, c.year
