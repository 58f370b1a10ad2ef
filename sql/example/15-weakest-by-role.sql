-- name: example/15-weakest-by-role
-- title_sv: Vilka frågor får lägst svar i varje roll?
-- title_en: Which questions get the lowest answers in each role?
-- text_sv: De tre frågor som varje roll svarar lägst på. Roller med få svarande visas inte.
-- text_en: The three questions with the lowest answers in each role. Roles with few respondents are not shown.
-- parameters: group=sector:municipality year=2020
with answers as (
    select
        a.role,
        a.question,
        q.text_sv,
        a.mean,
        row_number() over (partition by a.role order by a.mean, a.question) as place
    from answers_by_group as a
    join questions as q on q.instrument = a.instrument and q.question = a.question
    where a.instrument = 'digital-maturity' and a.group_id = :group and a.year = :year and a.mean is not null
)
select role, place, question, text_sv, mean
from answers
where place <= 3
order by role, place
