-- name: example/27-two-way-table
-- title_sv: Hur många svarade i varje roll?
-- title_en: How many answered in each role?
-- text_sv: Utgivarens egen tabell med en kolumn per roll. Celler som inte visas är tomma.
-- text_en: The publisher's own table with a column for each role. Cells that are not shown are empty.
-- parameters: year=2020
select
    coalesce(group_id, 'all') as group_id,
    max(case when category = 'all' then respondents end) as everybody,
    max(case when category = 'leader' then respondents end) as leaders,
    max(case when category = 'staff' then respondents end) as staff,
    sum(case when status = 'withheld' then 1 else 0 end) as cells_not_shown
from cross_tables
where table_id = 'respondents-by-role' and year = :year
group by coalesce(group_id, 'all')
order by 1
