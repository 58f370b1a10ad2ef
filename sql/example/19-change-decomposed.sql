-- name: example/19-change-decomposed
-- title_sv: Beror förändringen på vilka som deltog?
-- title_en: Is the change due to who took part?
-- text_sv: Den publicerade förändringen delas i förändringen hos dem som deltog båda åren och en rest som beror på vilka som deltog. I resten ingår avrundning.
-- text_en: The published change is divided into the change in those who took part in both years and a remainder that is due to who took part. The remainder includes rounding.
-- parameters: indicator=index instrument=digital-maturity
select
    c.group_id,
    g.name_sv,
    c.year,
    c.change,
    c.change_matched,
    c.change_composition,
    c.organisations_matched,
    f.organisations
from changes as c
join groups as g on g.instrument = c.instrument and g.group_id = c.group_id
join figures as f
    on f.instrument = c.instrument
    and f.indicator = c.indicator
    and f.group_id = c.group_id
    and f.year = c.year
where c.instrument = :instrument and c.indicator = :indicator and c.change_matched is not null
order by c.group_id, c.year
