-- name: example/21-tree
-- title_sv: Hur är måtten uppbyggda?
-- title_en: How are the measures built up?
-- text_sv: Varje mått med det mått det ingår i, och dess andel av vikten där.
-- text_en: Each measure with the one that it belongs to, and its share of the weight there.
-- parameters: instrument=digital-maturity
select
    i.level,
    i.indicator,
    i.name_sv,
    p.name_sv as part_of,
    round(100.0 * i.weight / sum(i.weight) over (partition by i.instrument, i.parent), 1) as share
from indicators as i
left join indicators as p on p.instrument = i.instrument and p.indicator = i.parent
where i.instrument = :instrument
order by i.position
