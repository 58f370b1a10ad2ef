-- name: example/41-totals
-- title_sv: Hur många kommuner deltog i varje kommungrupp och län, med summor?
-- title_en: How many municipalities took part in each group and county, with totals?
-- text_sv: Registrets kommuner och de som deltog, efter kommungrupp och län, med delsummor (rollup). Där all står i en kolumn är raden en summa.
-- text_en: The register's municipalities and those that took part, by group of municipalities and county, with subtotals (rollup). Where a column says all, the row is a total.
-- parameters: year=2020
with participants as (
    select organisation
    from group_members
    where instrument = 'digital-maturity' and group_id = 'all' and year = :year
)
select
    case when grouping(o.skr_group_2023) = 1 then 'all' else o.skr_group_2023 end as skr_group,
    case when grouping(o.county_name) = 1 then 'all' else o.county_name end as county_name,
    count(*) as municipalities,
    count(p.organisation) as took_part
from organisations as o
left join participants as p on p.organisation = o.organisation
where o.sector = 'municipality'
group by rollup (o.skr_group_2023, o.county_name)
order by grouping(o.skr_group_2023), skr_group, grouping(o.county_name), county_name
