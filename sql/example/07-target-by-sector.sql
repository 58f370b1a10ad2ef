-- name: example/07-target-by-sector
-- title_sv: Hur långt har varje sektor kvar till målvärdet?
-- title_en: How far is each sector from the target value?
-- text_sv: Avståndet till målvärdet och den takt som krävs för att nå det till målåret. Målet är satt för alla organisationer tillsammans; för en sektor är avståndet bara en jämförelse.
-- text_en: The distance to the target value and the pace that it takes to reach it by the target's year. The target is set for all organisations together; for a sector the distance is only a comparison.
-- parameters: instrument=digital-maturity year=2020
select
    t.group_id,
    g.name_sv,
    t.mean,
    t.target_value,
    t.target_gap,
    t.years_left,
    t.pace_needed,
    t.organisations
from target_gaps as t
join groups as g on g.instrument = t.instrument and g.group_id = t.group_id
where t.instrument = :instrument and t.year = :year and g.kind in ('all', 'sector')
order by t.target_gap, t.group_id
