-- name: example/05-target
-- title_sv: Hur långt är det kvar till målet?
-- title_en: How far is it to the target?
-- text_sv: Avståndet till målvärdet och till den raka vägen dit. Vägen börjar i målets första år, så att tidigare år bara har ett avstånd till målvärdet.
-- text_en: The distance to the target value and to the straight path there. The path starts in the target's first year, so that earlier years only have a distance to the target value.
-- parameters: instrument=digital-maturity
select
    year,
    mean,
    target_year,
    target_value,
    target_gap,
    round(target_path, 1) as target_path,
    round(mean - target_path, 1) as above_path
from headline_trend
where instrument = :instrument and target is not null
order by year
