-- name: view/named_figures
-- purpose: figures with the names of measures and groups beside their identifiers
-- grain: instrument, indicator, group_id, year
-- measures: mean, lower_quartile, median, upper_quartile (per cent), organisations, respondents
select
    f.instrument,
    f.indicator,
    i.name_sv as indicator_name_sv,
    i.name_en as indicator_name_en,
    i.level,
    f.group_id,
    g.name_sv as group_name_sv,
    g.name_en as group_name_en,
    g.kind,
    g.sector,
    f.year,
    f.status,
    f.mean,
    f.mean_bound,
    f.organisations,
    f.respondents,
    f.lower_quartile,
    f.median,
    f.upper_quartile,
    f.series,
    f.answers_with
from figures as f
join indicators as i on i.instrument = f.instrument and i.indicator = f.indicator
join groups as g on g.instrument = f.instrument and g.group_id = f.group_id
