-- name: example/24-correlation
-- title_sv: Hänger kategorierna ihop?
-- title_en: Are the categories related?
-- text_sv: Korrelationen mellan kategoriernas medelvärden över blocken. Den gäller grupper och inte enskilda organisationer.
-- text_en: The correlation of the categories' means over the blocks. It holds for groups and not for single organisations.
with categories as (
    select indicator, group_id, year, cast(mean as double) as mean
    from named_figures
    where instrument = 'digital-maturity' and level = 'category' and kind = 'block' and mean is not null
)
select a.indicator as one, b.indicator as other, count(*) as cells, round(corr(a.mean, b.mean), 2) as correlation
from categories as a
join categories as b on b.group_id = a.group_id and b.year = a.year
where a.indicator < b.indicator
group by a.indicator, b.indicator
order by correlation desc, one, other
