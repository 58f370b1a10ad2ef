-- name: score/organisation
-- purpose: the score of each organisation: the unweighted mean of its respondents in its latest round of the year
-- grain: organisation, year, measure
-- measures: score (millionths of a percentage point, half to even), respondents (null where unknown or not counted)
-- support: an organisation counts in every measure of a year or in none: respondents_min respondents have a score at every node
--   of its tree, or it has reported every measure that the year has, from at least so many respondents where that is known
with reported_rounds as (
    select
        organisation,
        year,
        round,
        count(*) as measures,
        min(coalesce(respondents, cast($respondents_min as bigint))) as respondents_least
    from reported_scores
    group by organisation, year, round
),
latest as (
    select organisation, year, max(round) as round
    from (
        select organisation, year, round from organisation_rounds
        union all
        select organisation, year, round from reported_rounds
    )
    group by organisation, year
),
covered as (
    select r.organisation, r.year, r.round, r.respondents
    from organisation_rounds as r
    join latest as l on l.organisation = r.organisation and l.year = r.year and l.round = r.round
    where r.scored_least >= cast($respondents_min as bigint)
),
supported as (
    select r.organisation, r.year, r.round, r.measures
    from reported_rounds as r
    join latest as l on l.organisation = r.organisation and l.year = r.year and l.round = r.round
    left anti join covered as c on c.organisation = r.organisation and c.year = r.year
    where r.respondents_least >= cast($respondents_min as bigint)
),
measured as (
    select year, max(measures) as measures
    from (
        select year, cast($measures as bigint) as measures from covered
        union all
        select s.year, count(distinct s.measure) as measures
        from reported_scores as s
        join supported as own on own.organisation = s.organisation and own.year = s.year and own.round = s.round
        group by s.year
    )
    group by year
),
complete as (
    select s.organisation, s.year, s.round
    from supported as s
    join measured as m on m.year = s.year and m.measures = s.measures
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
        case when cast($respondents_shown as bigint) = 1 then c.respondents end as respondents
    from organisation_sums as s
    join covered as c on c.organisation = s.organisation and c.year = s.year and c.round = s.round
),
reported as (
    select r.organisation, r.year, r.measure, r.score, r.respondents
    from reported_scores as r
    join complete as c on c.organisation = r.organisation and c.year = r.year and c.round = r.round
)
select organisation, year, measure, score, respondents from computed
union all
select organisation, year, measure, score, respondents from reported
