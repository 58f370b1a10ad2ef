-- name: example/16-roles-differ
-- title_sv: I vilka frågor skiljer sig chefer och medarbetare mest?
-- title_en: In which questions do managers and staff differ the most?
-- text_sv: Skillnaden mellan rollernas medelvärden, den största först.
-- text_en: The difference between the roles' means, the largest first.
-- parameters: group=sector:municipality year=2020
select l.question, q.text_sv, l.mean as leader, s.mean as staff, l.mean - s.mean as difference
from answers_by_group as l
join answers_by_group as s
    on s.instrument = l.instrument and s.question = l.question and s.group_id = l.group_id and s.year = l.year
join questions as q on q.instrument = l.instrument and q.question = l.question
where l.role = 'leader' and s.role = 'staff' and l.group_id = :group and l.year = :year
    and l.instrument = 'digital-maturity' and l.mean is not null and s.mean is not null
order by abs(l.mean - s.mean) desc, l.question
limit 10
