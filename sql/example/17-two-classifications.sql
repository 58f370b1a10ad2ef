-- name: example/17-two-classifications
-- title_sv: Vilka kommuner bytte grupp när SKR ändrade indelningen?
-- title_en: Which municipalities changed group when SKR changed its classification?
-- text_sv: Antal kommuner efter grupp i indelningarna 2017 och 2023, bara de som bytte.
-- text_en: Number of municipalities by group in the classifications of 2017 and 2023, only those that changed.
select skr_group_2017, skr_group_2023, count(*) as organisations, min(name) as first_name
from organisations
where sector = 'municipality' and skr_group_2017 <> skr_group_2023
group by skr_group_2017, skr_group_2023
order by skr_group_2017, skr_group_2023
