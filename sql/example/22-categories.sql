-- name: example/22-categories
-- title_sv: Vilka kategorier är svagast i varje sektor?
-- title_en: Which categories are the weakest in each sector?
-- text_sv: Kategorierna i varje sektor, den med lägst medelvärde först. Kategorier med samma medelvärde delar plats.
-- text_en: The categories in each sector, the one with the lowest mean first. Categories with the same mean share a place.
-- parameters: year=2020
select
    group_id,
    group_name_sv,
    rank() over (partition by group_id order by mean) as place,
    indicator,
    indicator_name_sv,
    mean,
    organisations
from named_figures
where instrument = 'digital-maturity' and level = 'category' and kind in ('all', 'sector') and year = :year
    and mean is not null
order by group_id, place, indicator
