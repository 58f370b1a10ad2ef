-- name: score/counted
-- purpose: the round of a year from which an organisation counts: its latest, of respondents' answers or of reported scores
-- grain: organisation, year
-- measures: round, respondents (null where the scores are reported), reported (whether they are)
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
)
select organisation, year, round, respondents, false as reported from covered
union all
select organisation, year, round, cast(null as bigint) as respondents, true as reported from complete
