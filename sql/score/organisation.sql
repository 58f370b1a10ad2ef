-- name: score/organisation
-- purpose: the score of each organisation: the unweighted mean of its respondents in its latest round of the year
-- grain: organisation, year, measure
-- measures: score (millionths of a percentage point, half to even), respondents (null where unknown or not counted)
-- support: an organisation whose tree is not covered by respondents_min respondents at every node counts in no measure
with latest as (
    select organisation, year, max(round) as round
    from organisation_sums
    group by organisation, year
),
covered as (
    select s.organisation, s.year, s.round
    from organisation_sums as s
    join latest as l on l.organisation = s.organisation and l.year = s.year and l.round = s.round
    group by s.organisation, s.year, s.round
    having min(s.scored) >= cast($respondents_min as bigint)
),
computed as (
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
        case when cast($respondents_shown as bigint) = 1 then s.respondents end as respondents
    from organisation_sums as s
    join covered as c on c.organisation = s.organisation and c.year = s.year and c.round = s.round
),
reported as (
    select r.organisation, r.year, r.measure, r.score, r.respondents
    from reported_scores as r
    left anti join computed as c on c.organisation = r.organisation and c.year = r.year
)
select organisation, year, measure, score, respondents from computed
union all
select organisation, year, measure, score, respondents from reported
order by organisation, year, measure
