-- name: example/04-sectors
-- title_sv: Skiljer sig sektorerna åt?
-- title_en: Do the sectors differ?
-- text_sv: Sektorernas medelvärden ett år, och deras avstånd till alla organisationer tillsammans.
-- text_en: The sectors' means in a year, and their distance to all organisations together.
-- parameters: year=2020
select s.group_name_sv, s.status, s.mean, s.mean - a.mean as from_all, s.organisations
from named_figures as s
join figures as a
    on a.instrument = s.instrument and a.indicator = s.indicator and a.year = s.year and a.group_id = 'all'
where s.instrument = 'digital-maturity' and s.indicator = 'index' and s.kind = 'sector' and s.year = :year
order by s.mean desc nulls last, s.group_id
