-- name: example/02-gap-to-target
-- title_sv: Hur långt är det kvar till målet?
-- title_en: How far is it to the target?
-- text_sv: Avståndet till målvärdet, och till den raka vägen dit. Vägen finns bara för målets egna år.
-- text_en: The distance to the target value, and to the straight path there. The path exists only for the target's own years.
select instrument, year, mean, target_value, target_gap, target_path, mean - target_path as above_path
from headline_trend
where target is not null and status = 'ok'
order by instrument, year
