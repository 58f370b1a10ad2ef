# The pages on measures.
measures-lead = Alla mått som undersökningarna ger, med det senaste värdet för alla som deltog. Varje mått har en egen sida med grupper, län, fördelning och förändring.
measures-caption = { $instrument }: mått och värden { $year }
measure-lead = { $group } { $year }: { $value }.
measure-parts = Måttet består av
changes-heading = Förändring
changes-lead = Den publicerade förändringen delas i två: förändringen i de organisationer som svarade båda åren, och det som hänger samman med att deltagarna växlar. I procentenheter.
changes-caption = Förändring från året före
change-matched = Samma organisationer
change-composition = Andra deltagare
organisations-both = Organisationer båda åren
measure-title = { $measure }, { $group } { $year } ({ $instrument })
measure-answered = { $group } visas tillsammans med andra, för att skydda dem som svarat. Tillsammans är värdet { $value }:
