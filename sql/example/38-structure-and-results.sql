-- name: example/38-structure-and-results
-- title_sv: Finns det samband mellan gruppernas struktur och resultat?
-- title_en: Is there a relationship between the groups' structure and results?
-- text_sv: Korrelationen mellan gruppens medelvärde och medlemmarnas genomsnittliga värde i varje strukturvariabel, över SKR:s kommungrupper och kommunernas block. Kolumnen slope är procentenheter per standardavvikelse; sambandet gäller grupper, som kan ingå i varandra, och säger inget om orsak.
-- text_en: The correlation between the group's mean and its members' average of each structure variable, over SKR's groups of municipalities and the municipalities' blocks. The column slope is percentage points for each standard deviation; the relationship holds for groups, which can lie within each other, and says nothing of causes.
-- parameters: indicator=index year=2020
with group_structure as (
    select m.group_id, s.variable, avg(s.standardised) as average, count(*) as members
    from group_members as m
    join structure as s on s.organisation = m.organisation
    where m.instrument = 'digital-maturity' and m.year = :year
    group by m.group_id, s.variable
)
select
    s.variable,
    count(*) as groups,
    round(corr(cast(f.mean as double), s.average), 2) as correlation,
    round(regr_slope(cast(f.mean as double), s.average), 2) as slope
from group_structure as s
join named_figures as f on f.group_id = s.group_id
where f.instrument = 'digital-maturity' and f.indicator = :indicator and f.year = :year
    and f.kind in ('skr-group', 'block') and f.sector = 'municipality'
    and f.mean is not null and f.mean_bound is null
group by s.variable
having count(*) >= 5
order by s.variable
