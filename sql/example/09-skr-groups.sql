-- name: example/09-skr-groups
-- title_sv: Hur ser det ut i SKR:s kommungrupper?
-- title_en: How do SKR's groups of municipalities compare?
-- text_sv: En rad per kommungrupp, med avståndet till alla kommuner tillsammans. Gruppernas värden är avrundade, så att skillnader på en procentenhet inte säger mycket.
-- text_en: A row for each group of municipalities, with the distance to all municipalities together. The groups' values are rounded, so that differences of one percentage point say little.
-- parameters: indicator=index year=2020
select
    f.group_id,
    f.group_name_sv,
    f.status,
    f.mean,
    case when f.mean_bound is null and m.mean_bound is null then f.mean - m.mean end as from_municipalities,
    f.median,
    f.organisations,
    f.answers_with
from named_figures as f
join figures as m
    on m.instrument = f.instrument
    and m.indicator = f.indicator
    and m.year = f.year
    and m.group_id = 'sector:municipality'
where f.instrument = 'digital-maturity' and f.indicator = :indicator and f.year = :year and f.kind = 'skr-group'
order by f.group_id
