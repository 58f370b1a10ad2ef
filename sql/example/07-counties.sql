-- name: example/07-counties
-- title_sv: Vilka län visas, och vilka visas tillsammans?
-- title_en: Which counties are shown, and which are shown together?
-- text_sv: Län med få deltagande slås ihop med grannar. merged_from säger vilka som ingår.
-- text_en: Counties with few participants are taken together with neighbours. merged_from says which belong.
-- parameters: year=2020
select f.group_id, g.name_sv, g.merged_from, f.mean, f.organisations
from figures as f
join groups as g on g.instrument = f.instrument and g.group_id = f.group_id
where f.instrument = 'digital-maturity' and f.indicator = 'index' and g.kind = 'county' and f.year = :year and f.status = 'ok'
order by f.mean desc, f.group_id
