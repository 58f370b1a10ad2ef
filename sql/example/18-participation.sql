-- name: example/18-participation
-- title_sv: Hur många deltar varje år?
-- title_en: How many take part each year?
-- text_sv: Antal deltagande organisationer efter sektor och år.
-- text_en: Number of participating organisations by sector and year.
-- parameters: instrument=digital-maturity
select m.year, o.sector, count(distinct m.organisation) as organisations
from group_members as m
join organisations as o on o.organisation = m.organisation
where m.instrument = :instrument
group by m.year, o.sector
order by m.year, o.sector
