-- name: example/20-moved-most
-- title_sv: Vilka grupper har förändrats mest sedan året före?
-- title_en: Which groups have changed the most since the year before?
-- text_sv: Grupper ordnade efter förändringens storlek, uppåt eller nedåt; grupper kan ingå i varandra. Medelvärdena är avrundade, så att en förändring kan avvika med upp till en procentenhet, och små grupper ändras mer av en slump.
-- text_en: Groups in the order of the size of their change, up or down; groups can lie within each other. Means are rounded, so that a change can be off by up to one percentage point, and small groups change more by chance.
-- parameters: indicator=index year=2020
select
    rank() over (order by abs(c.change) desc) as place,
    f.kind,
    c.group_id,
    f.group_name_sv,
    c.change,
    f.mean,
    f.organisations
from changes as c
join named_figures as f
    on f.instrument = c.instrument
    and f.indicator = c.indicator
    and f.group_id = c.group_id
    and f.year = c.year
where c.instrument = 'digital-maturity' and c.indicator = :indicator and c.year = :year and c.change is not null
order by place, c.group_id
limit 20
