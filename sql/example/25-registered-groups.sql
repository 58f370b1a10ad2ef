-- name: example/25-registered-groups
-- title_sv: Hur har de registrerade grupperna det under sin tid?
-- title_en: How do the registered groups fare in their time?
-- text_sv: Nätverk och projekt med sina år, bredvid alla organisationer tillsammans. Skillnaden säger inte att projektet är orsaken.
-- text_en: Networks and projects with their years, beside all organisations together. The difference does not say that the project is the cause.
select r.group_id, r.from_year, r.to_year, f.year, f.status, f.mean, a.mean as all_mean
from registered_groups as r
join figures as f on f.instrument = r.instrument and f.group_id = r.group_id and f.indicator = 'index'
join figures as a
    on a.instrument = f.instrument and a.indicator = f.indicator and a.year = f.year and a.group_id = 'all'
where r.instrument = 'digital-maturity'
order by r.group_id, f.year
