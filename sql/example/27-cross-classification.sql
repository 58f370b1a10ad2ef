-- name: example/27-cross-classification
-- title_sv: Mellan vilka grupper flyttade kommunerna?
-- title_en: Between which groups did the municipalities move?
-- text_sv: Antal kommuner i varje kombination av grupp 2017 och grupp 2023. Raderna där båda är lika är de som är kvar i sin grupp.
-- text_en: Number of municipalities in each combination of the group of 2017 and that of 2023. Rows where both are equal are those that stayed in their group.
select
    skr_group_2017,
    skr_group_2023,
    count(*) as municipalities,
    round(100.0 * count(*) / sum(count(*)) over (partition by skr_group_2017), 1) as share_of_group,
    min(name) as example
from organisations
where sector = 'municipality' and skr_group_2017 is not null and skr_group_2023 is not null
group by skr_group_2017, skr_group_2023
order by skr_group_2017, skr_group_2023
