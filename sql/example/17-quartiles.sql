-- name: example/17-quartiles
-- title_sv: Hur stor är spridningen inom grupperna?
-- title_en: How large is the spread within the groups?
-- text_sv: Median, kvartiler och kvartilavstånd för sektorer och SKR:s huvudgrupper. Värdena är avrundade till femtal, så att små skillnader inte syns.
-- text_en: Median, quartiles and interquartile range of sectors and SKR's main groups. Values are rounded to fives, so that small differences do not show.
-- parameters: indicator=index year=2020
select
    kind,
    group_id,
    group_name_sv,
    lower_quartile,
    median,
    upper_quartile,
    upper_quartile - lower_quartile as quartile_range,
    organisations
from named_figures
where instrument = 'digital-maturity' and indicator = :indicator and year = :year
    and kind in ('all', 'sector', 'skr-main-group') and median is not null
order by kind, group_id
