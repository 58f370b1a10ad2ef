-- name: example/28-participation
-- title_sv: Hur många deltar, och hur många är nya?
-- title_en: How many take part, and how many are new?
-- text_sv: Antal deltagande organisationer efter sektor och år, och hur många av dem som inte deltog året före. För det första året är uppgifterna tomma, eftersom det inte finns något år att jämföra med.
-- text_en: Number of participating organisations by sector and year, and how many of them did not take part in the year before. For the first year these are empty, since there is no year to compare with.
-- parameters: instrument=digital-maturity
with participants as (
    select organisation, year
    from group_members
    where instrument = :instrument and group_id = 'all'
),
first_years as (
    select min(year) as year
    from participants
)
select
    o.sector,
    p.year,
    count(*) as organisations,
    case when p.year > f.year then count(b.organisation) end as took_part_before,
    case when p.year > f.year then count(*) - count(b.organisation) end as new_organisations
from participants as p
join organisations as o on o.organisation = p.organisation
left join participants as b on b.organisation = p.organisation and b.year = p.year - 1
cross join first_years as f
group by o.sector, p.year, f.year
order by o.sector, p.year
