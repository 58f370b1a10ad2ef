-- name: example/06-size
-- title_sv: Spelar kommunens storlek någon roll?
-- title_en: Does the size of a municipality matter?
-- text_sv: Medelvärden i kommuner av olika storlek. Ett samband säger inget om orsaken.
-- text_en: Means in municipalities of different sizes. A relationship says nothing of its cause.
select group_id, group_name_sv, year, status, mean, organisations
from named_figures
where instrument = 'digital-maturity' and indicator = 'index' and kind = 'size' and sector = 'municipality' and year >= 2019
order by group_id, year
