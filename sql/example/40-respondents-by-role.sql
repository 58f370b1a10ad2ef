-- name: example/40-respondents-by-role
-- title_sv: Hur många svarade i varje roll?
-- title_en: How many answered in each role?
-- text_sv: Utgivarens tabell över svarande i kommunerna, med en kolumn per roll. Varje tal är avrundat för sig, så att rollerna inte behöver summera till everybody. En tom cell är en uppgift som inte visas.
-- text_en: The publisher's table of respondents in the municipalities, with a column for each role. Each number is rounded by itself, so that the roles need not add up to everybody. An empty cell is a number that is not shown.
-- parameters: year=2020
select
    coalesce(c.group_id, 'other') as group_id,
    coalesce(g.name_sv, 'Övriga') as group_name_sv,
    max(case when c.category = 'elected' then c.respondents end) as elected,
    max(case when c.category = 'leader' then c.respondents end) as leaders,
    max(case when c.category = 'staff' then c.respondents end) as staff,
    max(case when c.category = 'all' then c.respondents end) as everybody,
    sum(case when c.status = 'withheld' then 1 else 0 end) as cells_not_shown
from cross_tables as c
left join groups as g on g.instrument = c.instrument and g.group_id = c.group_id
where c.table_id = 'respondents-by-role' and c.year = :year
group by c.group_id, g.name_sv
order by 1, 2
