-- name: cube/matched
-- purpose: the change of the organisations that took part both in a year and in the year before
-- grain: group_id, year, measure
-- measures: organisations (in both years), sum_change (millionths of a percentage point)
-- support: panels decided by the leverage gate over years; only whole sectors
select
    p.group_id,
    n.year,
    n.measure,
    count(*) as organisations,
    sum(n.score - b.score) as sum_change
from organisation_scores as n
join organisation_scores as b
    on b.organisation = n.organisation and b.measure = n.measure and b.year = n.year - 1
join panels as p on p.organisation = n.organisation and p.year = n.year
group by p.group_id, n.year, n.measure
