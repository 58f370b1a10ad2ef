-- name: example/01-headline-trend
-- title_sv: Hur har rubrikmåttet utvecklats?
-- title_en: How has the headline measure developed?
-- text_sv: Ett värde per år med förändringen från året före. change_matched är förändringen i de organisationer som svarade båda åren.
-- text_en: A value for each year with its change from the year before. change_matched is the change in the organisations that answered in both years.
-- parameters: instrument=digital-maturity
select year, status, mean, change, change_matched, organisations
from headline_trend
where instrument = :instrument
order by year
