-- name: example/22-ranked-groups
-- title_sv: Hur ligger grupperna till i förhållande till varandra?
-- title_en: How do the groups stand in relation to each other?
-- text_sv: Gruppernas plats inom sitt slag ett år. Skillnader på någon enstaka procentenhet kan vara slump.
-- text_en: The groups' place within their kind in a year. Differences of a percentage point or two may be chance.
-- parameters: year=2020
select
    kind,
    rank() over (partition by kind order by mean desc) as place,
    group_id,
    group_name_sv,
    mean,
    organisations
from named_figures
where instrument = 'digital-maturity' and indicator = 'index' and year = :year and mean is not null
    and kind in ('skr-group', 'size', 'county')
order by kind, place, group_id
