-- name: example/06-target-path
-- title_sv: Vilket värde motsvarar den raka vägen till målet varje år?
-- title_en: Which value does the straight path to the target have each year?
-- text_sv: Vägen år för år från målets början till dess slut, högst tio år, bredvid det uppmätta medelvärdet. År utan mätning har ett tomt medelvärde.
-- text_en: The path year by year from the target's start to its end, ten years at most, beside the measured mean. Years without a measurement have an empty mean.
with steps as (
    select s.step
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as s (step)
),
paths as (
    select
        t.target,
        t.instrument,
        t.indicator,
        t.group_id,
        t.from_year + s.step as year,
        t.from_value + s.step * cast(t.to_value - t.from_value as double) / nullif(t.to_year - t.from_year, 0)
            as path_value
    from targets as t
    cross join steps as s
    where t.from_year + s.step <= t.to_year
)
select
    p.target,
    p.year,
    round(p.path_value, 1) as path_value,
    f.series,
    f.mean,
    case when f.mean_bound is null then round(f.mean - p.path_value, 1) end as above_path
from paths as p
left join figures as f
    on f.instrument = p.instrument
    and f.indicator = p.indicator
    and f.group_id = p.group_id
    and f.year = p.year
order by p.target, p.year
