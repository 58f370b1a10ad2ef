-- name: example/44-releases
-- title_sv: Vilka utgåvor har publicerats?
-- title_en: Which releases have been published?
-- text_sv: Loggen över utgåvor, med den utgåva som var och en ersätter. Ange utgåvan när en siffra återges, eftersom samma år kan ha olika siffror i olika utgåvor.
-- text_en: The log of releases, with the one that each supersedes. Name the release when a figure is reproduced, since the same year can have different figures in different releases.
select
    sequence,
    left(release, 12) as release_start,
    kind,
    left(published_at, 10) as published_on,
    left(supersedes, 12) as supersedes_start,
    withdrawn
from releases
order by sequence
