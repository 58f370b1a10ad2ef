-- name: example/28-releases
-- title_sv: Vilka utgåvor har kommit?
-- title_en: Which editions have been published?
-- text_sv: Loggen över utgåvor. Ange alltid utgåvan när du hänvisar till en siffra.
-- text_en: The log of editions. Always name the edition when you cite a figure.
select sequence, left(release, 12) as release_id, kind, left(published_at, 10) as published, withdrawn
from releases
order by sequence
