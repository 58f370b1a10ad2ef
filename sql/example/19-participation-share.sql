-- name: example/19-participation-share
-- title_sv: Hur stor del av registret deltar?
-- title_en: What share of the register takes part?
-- text_sv: Andelen av sektorns organisationer i registret som deltog ett år.
-- text_en: Share of the sector's organisations in the register that took part in a year.
-- parameters: year=2020
with participants as (
    select distinct organisation
    from group_members
    where instrument = 'digital-maturity' and year = :year
)
select
    o.sector,
    count(*) as in_register,
    count(p.organisation) as took_part,
    round(100.0 * count(p.organisation) / count(*), 1) as share
from organisations as o
left join participants as p on p.organisation = o.organisation
group by o.sector
order by share desc, o.sector
