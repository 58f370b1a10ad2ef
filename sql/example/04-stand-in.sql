-- name: example/04-stand-in
-- title_sv: Vad gäller för ett län som inte visas för sig?
-- title_en: What holds for a county that is not shown by itself?
-- text_sv: Gruppens egen siffra, eller siffran för den större grupp som svarar för den. Den större gruppen kan vara en annan olika år, så att skillnader mellan åren kan bero på det.
-- text_en: The group's own figure, or that of the larger group that answers for it. The larger group may be another one in different years, so that differences between years can be due to that.
-- parameters: group=county:22 indicator=index
select
    f.year,
    f.series,
    f.status as own_status,
    s.group_id as shown_group,
    g.name_sv as shown_group_name,
    s.mean,
    s.organisations
from figures as f
join figures as s
    on s.instrument = f.instrument
    and s.indicator = f.indicator
    and s.year = f.year
    and s.group_id = coalesce(f.answers_with, f.group_id)
join groups as g on g.instrument = s.instrument and g.group_id = s.group_id
where f.instrument = 'digital-maturity' and f.indicator = :indicator and f.group_id = :group
order by f.year
