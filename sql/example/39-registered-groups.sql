-- name: example/39-registered-groups
-- title_sv: Hur har de registrerade grupperna utvecklats före, under och efter sina år?
-- title_en: How have the registered groups developed before, during and after their years?
-- text_sv: Varje registrerad grupp bredvid alla organisationer tillsammans. Skillnaden säger inte vad den beror på, och medlemmarna som deltog kan vara olika från år till år.
-- text_en: Each registered group beside all organisations together. The difference does not say what it is due to, and the members that took part can differ from year to year.
-- parameters: indicator=index instrument=digital-maturity
select
    r.group_id,
    r.from_year,
    r.to_year,
    f.year,
    case when f.year < r.from_year then 'before' when f.year > r.to_year then 'after' else 'during' end as phase,
    f.status,
    f.mean,
    a.mean as all_mean,
    case when f.mean_bound is null and a.mean_bound is null then f.mean - a.mean end as difference,
    f.organisations
from registered_groups as r
join figures as f on f.instrument = r.instrument and f.group_id = r.group_id
join figures as a on a.instrument = f.instrument and a.indicator = f.indicator and a.year = f.year
where r.instrument = :instrument and f.indicator = :indicator and a.group_id = 'all'
order by r.group_id, f.year
