-- name: example/29-courses
-- title_sv: Vilka kurser gäller den svagaste kategorin?
-- title_en: Which courses are about the weakest category?
-- text_sv: Utgivarens kurser för de kategorier som är svagast i en grupp.
-- text_en: The publisher's courses for the categories that are the weakest in a group.
-- parameters: group=all year=2020
with weakest as (
    select indicator, indicator_name_sv, mean
    from named_figures
    where instrument = 'digital-maturity' and level = 'category' and group_id = :group and year = :year and mean is not null
    order by mean, indicator
    limit 3
)
select w.indicator_name_sv, w.mean, c.name_sv as course_name, c.provider
from weakest as w
left join courses as c
    on c.instrument = 'digital-maturity' and contains(' ' || c.indicators || ' ', ' ' || w.indicator || ' ')
order by w.mean, w.indicator, c.course
