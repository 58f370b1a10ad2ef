-- name: example/12-groups-of-organisation
-- title_sv: Vilka grupper hör en organisation till?
-- title_en: Which groups does an organisation belong to?
-- text_sv: De grupper som organisationen räknades i ett år, från den största till den minsta. Medlemskapen är offentliga, men organisationens eget resultat finns inte i någon tabell.
-- text_en: The groups in which the organisation counted in a year, from the largest to the smallest. Memberships are public, but the organisation's own result is in no table.
-- parameters: organisation=municipality-2281 year=2020
select f.kind, m.group_id, f.group_name_sv, f.mean, f.median, f.organisations
from group_members as m
join named_figures as f on f.instrument = m.instrument and f.group_id = m.group_id and f.year = m.year
where m.instrument = 'digital-maturity' and m.organisation = :organisation and m.year = :year
    and f.indicator = 'index'
order by f.organisations desc, m.group_id
