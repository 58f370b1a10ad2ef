-- name: example/36-correlation
-- title_sv: Hänger kategorierna samman?
-- title_en: Are the categories related?
-- text_sv: Korrelationen mellan kategoriernas medelvärden över block av liknande organisationer ett år. Den gäller grupper, inte enskilda organisationer, och säger inget om orsak; block kan ingå i varandra.
-- text_en: The correlation between the categories' means over blocks of similar organisations in a year. It holds for groups, not for single organisations, and says nothing of causes; blocks can lie within each other.
-- parameters: year=2020
with categories as (
    select indicator, group_id, cast(mean as double) as mean
    from named_figures
    where instrument = 'digital-maturity' and level = 'category' and kind = 'block' and year = :year
        and mean is not null and mean_bound is null
)
select
    a.indicator as one,
    b.indicator as other,
    count(*) as blocks,
    round(corr(a.mean, b.mean), 2) as correlation
from categories as a
join categories as b on b.group_id = a.group_id
where a.indicator < b.indicator
group by a.indicator, b.indicator
having count(*) >= 3
order by correlation desc nulls last, one, other
