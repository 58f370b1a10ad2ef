-- name: example/03-one-group
-- title_sv: Hur har en grupp utvecklats?
-- title_en: How has one group developed?
-- text_sv: Alla år för en grupp och ett mått, med skillnaden mot närmast föregående år i samma serie; den saknas när något av åren inte visas eller är en gräns. Ett tomt värde är inte noll: answers_with säger vilken större grupp som svarar för gruppen det året.
-- text_en: All years of a group and a measure, with the difference from the year next before it in the same series; it is absent where either year is not shown or is a bound. An empty value is not zero: answers_with says which larger group answers for the group in that year.
-- parameters: group=skr-group:b4 indicator=index instrument=digital-maturity
with years as (
    select
        year,
        series,
        status,
        mean,
        mean_bound,
        case when mean_bound is null then mean end as exact_mean,
        organisations,
        answers_with
    from figures
    where instrument = :instrument and indicator = :indicator and group_id = :group
)
select
    year,
    series,
    status,
    mean,
    mean_bound,
    exact_mean - lag(exact_mean) over (partition by series order by year) as difference,
    organisations,
    answers_with
from years
order by year
