-- name: example/30-totals
-- title_sv: Hur många organisationer finns i registret, i varje län och totalt?
-- title_en: How many organisations does the register have, in each county and in all?
-- text_sv: Antal organisationer med delsummor (rollup). Tomt län eller tom sektor betyder en summa över alla.
-- text_en: Number of organisations with subtotals (rollup). An empty county or sector means a total over all.
select sector, county_name, count(*) as organisations
from organisations
where sector in ('municipality', 'region') and county_name is not null
group by rollup(sector, county_name)
order by sector nulls first, county_name nulls first
