-- name: example/16-two-distributions
-- title_sv: Hur har fördelningen ändrats mellan två år?
-- title_en: How has the distribution changed between two years?
-- text_sv: Andelen organisationer i varje klass två år, sida vid sida. Åren ska höra till samma serie, och skillnaden kan bero på att andra organisationer deltog.
-- text_en: The share of organisations in each class in two years, side by side. The years have to belong to the same series, and the difference can be due to other organisations taking part.
-- parameters: group=all indicator=index year=2016 year_after=2020
select
    a.class_from,
    a.class_to,
    round(a.share, 1) as share,
    round(b.share, 1) as share_after,
    round(b.share - a.share, 1) as difference
from block_shares as a
join block_shares as b
    on b.instrument = a.instrument
    and b.indicator = a.indicator
    and b.group_id = a.group_id
    and b.class_from = a.class_from
where a.instrument = 'digital-maturity' and a.indicator = :indicator and a.group_id = :group
    and a.year = :year and b.year = :year_after
order by a.class_from
