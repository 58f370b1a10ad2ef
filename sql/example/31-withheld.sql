-- name: example/31-withheld
-- title_sv: Hur många siffror visas inte?
-- title_en: How many figures are not shown?
-- text_sv: Antal siffror efter sort av grupp och år, och andelen som inte visas. Vad som visas avgörs av vilka som deltog och aldrig av resultaten.
-- text_en: Number of figures by kind of group and year, and the share that is not shown. What is shown is decided by who took part and never by the results.
-- parameters: instrument=digital-maturity
select
    kind,
    year,
    count(*) as figures,
    sum(case when status = 'withheld' then 1 else 0 end) as withheld,
    round(100.0 * sum(case when status = 'withheld' then 1 else 0 end) / count(*), 1) as share_withheld
from named_figures
where instrument = :instrument
group by kind, year
order by kind, year
