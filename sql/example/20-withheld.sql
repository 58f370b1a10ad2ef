-- name: example/20-withheld
-- title_sv: Hur mycket visas inte, och vem svarar i stället?
-- title_en: How much is not shown, and who answers instead?
-- text_sv: Grupper vars siffror inte visas, med den större grupp som svarar för dem.
-- text_en: Groups whose figures are not shown, with the larger group that answers for them.
select g.kind, f.group_id, f.answers_with, count(*) as years
from figures as f
join groups as g on g.instrument = f.instrument and g.group_id = f.group_id
where f.instrument = 'digital-maturity' and f.indicator = 'index' and f.status = 'withheld'
group by g.kind, f.group_id, f.answers_with
order by years desc, f.group_id, f.answers_with
limit 30
