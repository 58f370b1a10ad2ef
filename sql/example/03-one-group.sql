-- name: example/03-one-group
-- title_sv: Hur har en grupp utvecklats?
-- title_en: How has one group developed?
-- text_sv: Alla år för en grupp och ett mått. Där gruppen inte visas säger answers_with vilken större grupp som svarar för den.
-- text_en: All years of a group and a measure. Where the group is not shown, answers_with says which larger group answers for it.
-- parameters: indicator=index group=sector:municipality
select year, status, mean, lower_quartile, median, upper_quartile, organisations, answers_with
from figures
where instrument = 'digital-maturity' and indicator = :indicator and group_id = :group
order by year
