-- name: example/32-answers-for
-- title_sv: Vilka grupper svarar för dem som inte visas?
-- title_en: Which groups answer for those that are not shown?
-- text_sv: Varje grupp som svarar för andra ett år, med antalet grupper som den svarar för och sin egen siffra. Siffran avser hela den större gruppen.
-- text_en: Each group that answers for others in a year, with the number of groups that it answers for and its own figure. The figure is about the whole of the larger group.
-- parameters: indicator=index year=2020
select
    f.answers_with as group_id,
    s.group_name_sv,
    s.kind,
    count(*) as groups_answered_for,
    min(f.group_id) as first_of_them,
    s.mean,
    s.organisations
from figures as f
join named_figures as s
    on s.instrument = f.instrument
    and s.indicator = f.indicator
    and s.year = f.year
    and s.group_id = f.answers_with
where f.instrument = 'digital-maturity' and f.indicator = :indicator and f.year = :year
group by f.answers_with, s.group_name_sv, s.kind, s.mean, s.organisations
order by groups_answered_for desc, f.answers_with
