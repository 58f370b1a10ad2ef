-- name: example/05-skr-groups
-- title_sv: Hur ser det ut i SKR:s kommungrupper?
-- title_en: What does it look like in SKR's groups of municipalities?
-- text_sv: En rad per kommungrupp. Grupper som inte visas har inget värde, och det är inte noll.
-- text_en: A row for each group of municipalities. Groups that are not shown have no value, which is not zero.
-- parameters: year=2020
select group_id, group_name_sv, status, mean, median, organisations, answers_with
from named_figures
where instrument = 'digital-maturity' and indicator = 'index' and kind = 'skr-group' and year = :year
order by group_id
