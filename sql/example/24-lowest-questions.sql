-- name: example/24-lowest-questions
-- title_sv: Vilka frågor får lägst resultat?
-- title_en: Which questions get the lowest results?
-- text_sv: De tio frågor som har lägst medelvärde i en grupp, alla roller tillsammans. Frågor där ett högt svar är en börda (burdening) är redan omvända.
-- text_en: The ten questions with the lowest mean in a group, all roles together. Questions where a high answer is a burden (burdening) are already turned round.
-- parameters: group=sector:municipality year=2020
select a.question, q.text_sv, q.direction, i.name_sv as measure, a.mean, a.organisations
from answers_by_group as a
join questions as q on q.instrument = a.instrument and q.question = a.question
join indicators as i on i.instrument = q.instrument and i.indicator = q.indicator
where a.instrument = 'digital-maturity' and a.group_id = :group and a.year = :year and a.role = 'all'
    and a.mean is not null
order by a.mean, a.question
limit 10
