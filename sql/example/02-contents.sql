-- name: example/02-contents
-- title_sv: Vilka instrument och år finns i utgåvan?
-- title_en: Which instruments and years does the release hold?
-- text_sv: En rad per instrument och serie, med antal mått, grupper och visade siffror. Siffror ur olika instrument eller olika serier går inte att jämföra.
-- text_en: A row for each instrument and series, with numbers of measures, groups and shown figures. Figures of different instruments or different series cannot be compared.
select
    instrument,
    series,
    min(year) as first_year,
    max(year) as last_year,
    count(distinct indicator) as measures,
    count(distinct group_id) as groups,
    count(mean) as shown,
    count(*) - count(mean) as not_shown
from figures
group by instrument, series
order by instrument, first_year, series
