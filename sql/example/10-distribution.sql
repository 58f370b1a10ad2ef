-- name: example/10-distribution
-- title_sv: Hur är resultaten fördelade?
-- title_en: How are the results distributed?
-- text_sv: Andel organisationer i varje klass, och andelen upp till och med klassen.
-- text_en: Share of organisations in each class, and the share up to and including the class.
-- parameters: group=all year=2020
select
    class_from,
    class_to,
    organisations,
    round(share, 1) as share,
    round(sum(share) over (order by class_from rows between unbounded preceding and current row), 1) as up_to
from block_shares
where instrument = 'digital-maturity' and indicator = 'index' and group_id = :group and year = :year
order by class_from
