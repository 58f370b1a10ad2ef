-- name: cube/histogram
-- purpose: how many organisations of a group lie in each class of scores
-- grain: group_id, year, measure, class
-- measures: organisations
-- support: classes without organisations have no row; only blocks and their unions are shown, which disclosure sees to
select
    m.group_id,
    s.year,
    s.measure,
    least(s.score / cast($class_width as bigint), cast($class_last as bigint)) as class,
    count(*) as organisations
from organisation_scores as s
join memberships as m on m.organisation = s.organisation and m.year = s.year
group by m.group_id, s.year, s.measure, least(s.score / cast($class_width as bigint), cast($class_last as bigint))
