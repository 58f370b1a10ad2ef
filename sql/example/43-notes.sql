-- name: example/43-notes
-- title_sv: Vad ska sägas tillsammans med siffrorna?
-- title_en: What has to be said with the figures?
-- text_sv: Noterna till ett instrument, bland annat källa och vad som ändrats mellan versioner. Ta med dem när siffror återges.
-- text_en: The notes of an instrument, among them its source and what has changed between versions. Keep them with the figures when these are reproduced.
-- parameters: instrument=digital-maturity
select note, text_sv
from notes
where instrument = :instrument
order by note
