-- name: example/08-sectors
-- title_sv: Hur ser sektorerna ut sida vid sida?
-- title_en: How do the sectors look side by side?
-- text_sv: En rad per år och en kolumn per sektor. En tom cell betyder att sektorn inte visas det året, inte att värdet är noll.
-- text_en: A row for each year and a column for each sector. An empty cell means that the sector is not shown in that year, not that the value is zero.
-- parameters: indicator=index instrument=digital-maturity
select
    year,
    series,
    max(case when group_id = 'all' then mean end) as all_sectors,
    max(case when group_id = 'sector:municipality' then mean end) as municipalities,
    max(case when group_id = 'sector:region' then mean end) as regions,
    max(case when group_id = 'sector:company' then mean end) as companies,
    max(case when group_id = 'sector:agency' then mean end) as agencies,
    max(case when group_id = 'sector:association' then mean end) as associations
from figures
where instrument = :instrument and indicator = :indicator
group by year, series
order by year, series
