-- name: example/26-structure
-- title_sv: Vad kännetecknar kommungrupperna?
-- title_en: What characterises the groups of municipalities?
-- text_sv: Registrets strukturuppgifter, som blocken är gjorda av, i medeltal för varje kommungrupp.
-- text_en: The register's structure data, of which the blocks are made, on average for each group of municipalities.
select o.skr_group_2023, s.variable, count(*) as organisations, round(avg(s.value), 1) as mean_value
from structure as s
join organisations as o on o.organisation = s.organisation
where o.skr_group_2023 is not null and s.variable in ('population', 'share_tertiary', 'tax_base_sek')
group by o.skr_group_2023, s.variable
order by s.variable, o.skr_group_2023
