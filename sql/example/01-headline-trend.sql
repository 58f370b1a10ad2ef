-- name: example/01-headline-trend
-- title_sv: Hur har rubrikmåttet utvecklats?
-- title_en: How has the headline measure developed?
-- text_sv: Medelvärdet för alla organisationer tillsammans, år för år, med förändringen från året före. Jämför bara år som hör till samma serie.
-- text_en: The mean of all organisations together, year by year, with the change from the year before. Compare only years that belong to the same series.
-- parameters: instrument=digital-maturity
select year, series, status, mean, change, organisations, respondents
from headline_trend
where instrument = :instrument
order by year
