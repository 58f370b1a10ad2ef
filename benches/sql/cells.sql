-- name: peers/cells
-- purpose: the bench `scores`, from organisations' scores to the sums of cells; the same for every layout
-- input: organisation_scores, memberships (group_id, organisation, year), panels (the same)
-- result: cells, classes, matched, as sql/cube defines them
-- Written by `python benches/peers.py generate` from schemas/disclosure.toml; do not edit.

create or replace temp table cells as
select
    m.group_id,
    s.year,
    s.measure,
    count(*) as organisations,
    sum(s.score) as sum,
    case when count(s.respondents) = count(*) then sum(s.respondents) end as respondents
from organisation_scores as s
join memberships as m on m.organisation = s.organisation and m.year = s.year
group by m.group_id, s.year, s.measure;

create or replace temp table classes as
select m.group_id, s.year, s.measure, least(s.score // 10000000, 9) as class, count(*) as organisations
from organisation_scores as s
join memberships as m on m.organisation = s.organisation and m.year = s.year
group by m.group_id, s.year, s.measure, class;

create or replace temp table matched as
select p.group_id, n.year, n.measure, count(*) as organisations, sum(n.score - b.score) as sum_change
from organisation_scores as n
join organisation_scores as b on b.organisation = n.organisation and b.measure = n.measure and b.year = n.year - 1
join panels as p on p.organisation = n.organisation and p.year = n.year
group by p.group_id, n.year, n.measure;
