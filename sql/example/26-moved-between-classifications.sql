-- name: example/26-moved-between-classifications
-- title_sv: Hur många kommuner bytte grupp när SKR ändrade indelningen?
-- title_en: How many municipalities changed group when SKR changed its classification?
-- text_sv: För varje grupp 2017: hur många kommuner den hade, och hur många av dem som har en annan gruppkod 2023. En tidsserie bör därför följa en och samma indelning.
-- text_en: For each group of 2017: how many municipalities it had, and how many of them have another group code in 2023. A time series should therefore follow one and the same classification.
select
    skr_group_2017,
    count(*) as municipalities,
    sum(case when skr_group_2023 <> skr_group_2017 then 1 else 0 end) as moved,
    round(100.0 * sum(case when skr_group_2023 <> skr_group_2017 then 1 else 0 end) / count(*), 1) as share_moved
from organisations
where sector = 'municipality' and skr_group_2017 is not null and skr_group_2023 is not null
group by skr_group_2017
order by skr_group_2017
