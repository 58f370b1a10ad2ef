-- name: score/organisation
-- purpose: the score of each organisation: the unweighted mean of its respondents in the round from which it counts
-- grain: organisation, year, measure
-- measures: score (millionths of a percentage point, half to even), respondents (null where unknown or not counted)
-- support: score/counted
select
    s.organisation,
    s.year,
    s.measure,
    s.sum / s.scored
        + case
            when 2 * (s.sum % s.scored) > s.scored then 1
            when 2 * (s.sum % s.scored) = s.scored and (s.sum / s.scored) % 2 = 1 then 1
            else 0
        end as score,
    case when cast($respondents_shown as bigint) = 1 then c.respondents end as respondents
from organisation_sums as s
join counted as c on c.organisation = s.organisation and c.year = s.year and c.round = s.round
where not c.reported
union all
select r.organisation, r.year, r.measure, r.score, r.respondents
from reported_scores as r
join counted as c on c.organisation = r.organisation and c.year = r.year and c.round = r.round
where c.reported
