-- name: example/08-groups-of-one
-- title_sv: Vilka grupper hör en organisation till?
-- title_en: Which groups does an organisation belong to?
-- text_sv: Medlemskapen är offentliga; organisationens eget resultat finns inte i någon tabell.
-- text_en: Memberships are public; the organisation's own result is in no table.
-- parameters: organisation=municipality-2281 year=2020
select m.group_id, g.kind, g.name_sv, f.status, f.mean, f.organisations
from group_members as m
join groups as g on g.instrument = m.instrument and g.group_id = m.group_id
join figures as f on f.instrument = m.instrument and f.group_id = m.group_id and f.year = m.year and f.indicator = 'index'
where m.instrument = 'digital-maturity' and m.organisation = :organisation and m.year = :year
order by g.kind, m.group_id
