# The start page.
start-based-on = { $year }: svar från { $organisations } organisationer och omkring { $respondents } personer.
start-target-heading = Mot målet
start-target = { $name }: { $value } år { $year }.
start-pace-needed = För att nå dit behövs { $points } om året.
start-pace-had = Senaste årets förändring var { $points }; i den takten blir det { $value } år { $year }.
start-matched = Förändringen är { $matched } procentenheter i de { $organisations } organisationer som svarat båda åren; resten, { $composition }, hänger samman med att deltagarna inte är desamma.
start-ways-heading = Gå vidare
start-way-compare = Jämför en organisation med andra
start-way-measure = Siffran på djupet: grupper, län och fördelning
start-way-instrument = Visa { $instrument }
start-way-editions = Alla utgåvor och vad som ändrats
start-news-heading = Nytt i utgåvan
start-edition = Utgåva { $number } ({ $kind }), publicerad { $day }.
start-newest = { $instrument }: till och med { $year }.
start-title = { $instrument }: läget
start-based-on-organisations = { $year }: svar från { $organisations } organisationer.
start-reached = Målet är nått.
