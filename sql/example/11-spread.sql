-- name: example/11-spread
-- title_sv: Var är skillnaderna störst inom en grupp?
-- title_en: Where are the differences within a group the largest?
-- text_sv: Kvartilavståndet i de grupper som har en publicerad fördelning.
-- text_en: The interquartile range in the groups that have a published distribution.
-- parameters: year=2020
select group_id, group_name_sv, lower_quartile, median, upper_quartile, upper_quartile - lower_quartile as quartile_range, organisations
from named_figures
where instrument = 'digital-maturity' and indicator = 'index' and year = :year and median is not null
order by quartile_range desc, group_id
limit 20
