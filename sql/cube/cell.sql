-- name: cube/cell
-- purpose: what the mean of a group is made of
-- grain: group_id, year, measure
-- measures: organisations, sum (millionths of a percentage point), respondents (null where any member's are unknown)
-- support: memberships decided by the catalogue and the leverage gate; rounding and coding follow in disclosure
select
    m.group_id,
    s.year,
    s.measure,
    count(*) as organisations,
    sum(s.score) as sum,
    case when count(s.respondents) = count(*) then sum(s.respondents) end as respondents
from organisation_scores as s
join memberships as m on m.organisation = s.organisation and m.year = s.year
group by m.group_id, s.year, s.measure
