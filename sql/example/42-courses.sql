-- name: example/42-courses
-- title_sv: Vilka kurser gäller de svagaste kategorierna?
-- title_en: Which courses are about the weakest categories?
-- text_sv: De tre kategorier som har lägst medelvärde i en grupp, med kurser som utgivaren listar för kategorin eller för något mått i den. En kategori utan kurs har en tom rad, och ordningen kan bero på avrundningen.
-- text_en: The three categories with the lowest mean in a group, with courses that the publisher lists for the category or for a measure in it. A category without a course has an empty row, and the order can be due to the rounding.
-- parameters: group=sector:municipality year=2020
with categories as (
    select
        instrument,
        indicator,
        indicator_name_sv,
        mean,
        row_number() over (order by mean, indicator) as place
    from named_figures
    where instrument = 'digital-maturity' and level = 'category' and group_id = :group and year = :year
        and mean is not null
),
offers as (
    select distinct
        i.instrument,
        case when i.level = 'category' then i.indicator else i.parent end as category,
        c.course,
        c.name_sv,
        c.provider,
        c.roles
    from indicators as i
    join courses as c on c.instrument = i.instrument
    where i.level in ('category', 'factor')
        and contains(concat(' ', c.indicators, ' '), concat(' ', i.indicator, ' '))
)
select w.place, w.indicator, w.indicator_name_sv, w.mean, o.course, o.name_sv, o.provider, o.roles
from categories as w
left join offers as o on o.instrument = w.instrument and o.category = w.indicator
where w.place <= 3
order by w.place, o.course nulls last
