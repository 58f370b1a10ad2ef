-- name: example/23-categories-by-role
-- title_sv: Vilka kategorier är svagast enligt varje roll?
-- title_en: Which categories are the weakest according to each role?
-- text_sv: Frågornas medelvärden vägs samman till kategorier, för de roller som visas. Värdena är beräknade på avrundade tal och kan skilja sig från tabellen figures; roller med få svarande visas inte.
-- text_en: The questions' means are weighted together to categories, for the roles that are shown. The values are computed from rounded numbers and can differ from the table figures; roles with few respondents are not shown.
-- parameters: group=sector:municipality year=2020
with factors as (
    select
        a.instrument,
        a.role,
        q.indicator,
        sum(a.mean * q.weight) / nullif(sum(q.weight), 0) as score,
        count(*) as questions
    from answers_by_group as a
    join questions as q on q.instrument = a.instrument and q.question = a.question
    where a.instrument = 'digital-maturity' and a.group_id = :group and a.year = :year
        and a.mean is not null and a.mean_bound is null
    group by a.instrument, a.role, q.indicator
),
categories as (
    select
        f.role,
        c.indicator,
        c.name_sv,
        round(sum(f.score * i.weight) / nullif(sum(i.weight), 0), 1) as score,
        sum(f.questions) as questions
    from factors as f
    join indicators as i on i.instrument = f.instrument and i.indicator = f.indicator
    join indicators as c on c.instrument = i.instrument and c.indicator = i.parent
    group by f.role, c.indicator, c.name_sv
)
select role, rank() over (partition by role order by score) as place, indicator, name_sv, score, questions
from categories
order by role, place, indicator
