-- name: example/18-share-above
-- title_sv: Hur stor andel av organisationerna når minst ett visst värde?
-- title_en: What share of the organisations reaches at least a given value?
-- text_sv: Andelen organisationer i klasserna från och med en gräns, för varje sektor och år. Gränsen ska vara en klassgräns, alltså ett jämnt tiotal.
-- text_en: The share of organisations in the classes from a bound on, for each sector and year. The bound has to be an end of a class, that is a multiple of ten.
-- parameters: bound=50 indicator=index
select
    s.group_id,
    g.name_sv,
    s.year,
    sum(s.organisations) as organisations,
    sum(case when s.class_from >= :bound then s.organisations else 0 end) as reached,
    round(sum(case when s.class_from >= :bound then s.share else 0.0 end), 1) as share
from block_shares as s
join groups as g on g.instrument = s.instrument and g.group_id = s.group_id
where s.instrument = 'digital-maturity' and s.indicator = :indicator and g.kind in ('all', 'sector')
group by s.group_id, g.name_sv, s.year
order by s.group_id, s.year
