-- name: example/14-weakest-categories
-- title_sv: Vilka kategorier är svagast?
-- title_en: Which categories are the weakest?
-- text_sv: Kategoriernas medelvärden i en grupp, det lägsta först.
-- text_en: The categories' means in a group, the lowest first.
-- parameters: group=sector:municipality year=2020
select rank() over (order by mean) as place, indicator_name_sv, mean, organisations
from named_figures
where instrument = 'digital-maturity' and level = 'category' and group_id = :group and year = :year and mean is not null
order by place, indicator
