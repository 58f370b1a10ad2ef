-- name: example/15-distribution
-- title_sv: Hur är resultaten fördelade?
-- title_en: How are the results distributed?
-- text_sv: Andelen organisationer i varje klass, och andelen till och med den klassen. Fördelningar publiceras bara för vissa grupper.
-- text_en: The share of organisations in each class, and the share up to and including that class. Distributions are published for some groups only.
-- parameters: group=all indicator=index year=2020
select
    class_from,
    class_to,
    organisations,
    round(share, 1) as share,
    round(sum(share) over (order by class_from rows between unbounded preceding and current row), 1) as share_up_to
from block_shares
where instrument = 'digital-maturity' and indicator = :indicator and group_id = :group and year = :year
order by class_from
