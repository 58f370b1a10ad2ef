-- name: example/34-ranked-groups
-- title_sv: Hur har kommungruppernas inbördes ordning ändrats?
-- title_en: How has the order of the groups of municipalities changed?
-- text_sv: Kommungruppernas plats varje år och platsen året före. Platserna beror på hur många grupper som visas det året, och skillnaden mellan två platser kan vara mindre än avrundningen.
-- text_en: The place of the groups of municipalities in each year, and that of the year before. Places depend on how many groups are shown in that year, and the difference between two places can be less than the rounding.
-- parameters: indicator=index
with places as (
    select
        year,
        series,
        group_id,
        group_name_sv,
        mean,
        rank() over (partition by year order by mean desc) as place,
        count(*) over (partition by year) as groups_shown
    from named_figures
    where instrument = 'digital-maturity' and indicator = :indicator and kind = 'skr-group' and mean is not null
)
select n.year, n.place, n.groups_shown, b.place as place_before, n.group_id, n.group_name_sv, n.mean
from places as n
left join places as b on b.group_id = n.group_id and b.series = n.series and b.year = n.year - 1
order by n.year, n.place, n.group_id
