-- name: example/33-tree
-- title_sv: Hur är måtten uppbyggda?
-- title_en: How are the measures built up?
-- text_sv: Varje mått med det mått som det ingår i, dess andel av vikten där och antalet frågor direkt under det, i alla versioner tillsammans. När svar saknas fördelas vikterna om för den organisationen.
-- text_en: Each measure with the one that it belongs to, its share of the weight there and the number of questions directly below it, in all versions together. Where answers are missing, the weights are shared out anew for that organisation.
-- parameters: instrument=digital-maturity
with questions_below as (
    select instrument, indicator, count(*) as questions
    from questions
    group by instrument, indicator
)
select
    i.position,
    i.level,
    i.indicator,
    i.name_sv,
    p.name_sv as part_of,
    i.weight,
    case
        when i.parent is not null
            then round(100.0 * i.weight / nullif(sum(i.weight) over (partition by i.parent), 0), 1)
    end as share_of_parent,
    coalesce(q.questions, 0) as questions
from indicators as i
left join indicators as p on p.instrument = i.instrument and p.indicator = i.parent
left join questions_below as q on q.instrument = i.instrument and q.indicator = i.indicator
where i.instrument = :instrument
order by i.position, i.indicator
