-- name: example/29-participation-share
-- title_sv: Hur stor del av registret deltog?
-- title_en: What share of the register took part?
-- text_sv: Andelen av registrets organisationer som deltog ett år, efter sektor och totalt. Registret är inte fullständigt för alla sektorer, så andelarna för företag och föreningar ska läsas med försiktighet.
-- text_en: The share of the register's organisations that took part in a year, by sector and in all. The register is not complete for every sector, so the shares of companies and associations should be read with care.
-- parameters: instrument=digital-maturity year=2020
with participants as (
    select organisation
    from group_members
    where instrument = :instrument and group_id = 'all' and year = :year
)
select
    coalesce(o.sector, 'all') as sector,
    count(*) as in_register,
    count(p.organisation) as took_part,
    round(100.0 * count(p.organisation) / count(*), 1) as share
from organisations as o
left join participants as p on p.organisation = o.organisation
group by rollup (o.sector)
order by in_register desc, sector
