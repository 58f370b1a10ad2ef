-- name: example/14-shared-groups
-- title_sv: Vilka organisationer delar flest grupper med en viss organisation?
-- title_en: Which organisations share the most groups with a given one?
-- text_sv: Antal grupper där båda räknades samma år, utom gruppen med alla. Grupper kan ingå i varandra, så antalet är ett grovt mått på likhet.
-- text_en: Number of groups in which both counted in the same year, except the group of all. Groups can lie within each other, so the number is a rough measure of likeness.
-- parameters: organisation=municipality-2281 year=2020
select o.name, o.county_name, o.skr_group_2023, count(*) as shared_groups
from group_members as m
join group_members as p on p.instrument = m.instrument and p.group_id = m.group_id and p.year = m.year
join organisations as o on o.organisation = p.organisation
where m.instrument = 'digital-maturity' and m.organisation = :organisation and m.year = :year
    and m.group_id <> 'all' and p.organisation <> m.organisation
group by o.organisation, o.name, o.county_name, o.skr_group_2023
order by shared_groups desc, o.name, o.organisation
limit 20
