-- name: example/37-structure
-- title_sv: Vad kännetecknar kommungrupperna?
-- title_en: What characterises the groups of municipalities?
-- text_sv: Median och kvartiler för några strukturvariabler i varje kommungrupp, för alla kommuner i registret. Varje variabel har sin egen enhet.
-- text_en: Median and quartiles of some structure variables in each group of municipalities, for all municipalities in the register. Each variable has a unit of its own.
select
    s.variable,
    o.skr_group_2023,
    count(*) as municipalities,
    round(percentile_cont(0.25) within group (order by s.value), 3) as lower_quartile,
    round(percentile_cont(0.5) within group (order by s.value), 3) as median,
    round(percentile_cont(0.75) within group (order by s.value), 3) as upper_quartile
from structure as s
join organisations as o on o.organisation = s.organisation
where o.skr_group_2023 is not null and s.variable in ('population', 'share_tertiary', 'tax_base_sek')
group by s.variable, o.skr_group_2023
order by s.variable, o.skr_group_2023
