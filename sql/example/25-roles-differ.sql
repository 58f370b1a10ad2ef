-- name: example/25-roles-differ
-- title_sv: I vilka frågor skiljer sig ledare och medarbetare mest?
-- title_en: In which questions do leaders and staff differ the most?
-- text_sv: Skillnaden mellan rollernas medelvärden, den största först. Varje rolls medelvärde avser de organisationer där rollen finns, och det behöver inte vara samma organisationer.
-- text_en: The difference between the roles' means, the largest first. Each role's mean is about the organisations that have the role, which need not be the same ones.
-- parameters: group=sector:municipality year=2020
select
    l.question,
    q.text_sv,
    l.mean as leaders,
    s.mean as staff,
    l.mean - s.mean as difference,
    l.organisations as organisations_leaders,
    s.organisations as organisations_staff
from answers_by_group as l
join answers_by_group as s
    on s.instrument = l.instrument
    and s.question = l.question
    and s.group_id = l.group_id
    and s.year = l.year
join questions as q on q.instrument = l.instrument and q.question = l.question
where l.instrument = 'digital-maturity' and l.role = 'leader' and s.role = 'staff'
    and l.group_id = :group and l.year = :year
    and l.mean is not null and l.mean_bound is null and s.mean is not null and s.mean_bound is null
order by abs(l.mean - s.mean) desc, l.question
limit 10
