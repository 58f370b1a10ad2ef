# The report for a meeting.
report-title = Rapport: { $name }
report-lead = { $instrument } { $year }. Underlag för samtal: hur jämförbara organisationer ser ut, och var det är värt att börja.
report-sheet = Dialogblad
report-sheet-lead = Gå igenom kategorierna en i taget. Spridningen säger mer än medelvärdet: mellan vilka värden ligger hälften av de jämförda, och var tror ni att ni ligger?
report-sheet-caption = Kategorier: de jämfördas medelvärde och mellersta hälft
report-notes = Anteckningar
report-blank = fyll i
report-without-key = Utan organisationens nyckel visas inget eget värde. Skriv in det för hand, eller öppna rapporten med nyckeln.
report-talk = Att tala om
report-question-own-weakest = Vi ligger lägst jämfört med andra i { $categories }. Stämmer det med vår egen bild, och vad beror det på?
report-question-peers-weakest = De jämförda ligger lägst i { $categories }. Gäller det oss också?
report-question-spread = Var är vi oense inom organisationen, och vilka roller ser olika på saken?
report-question-roles = Vad skulle en förtroendevald, en ledare och en medarbetare vardera svara?
report-question-next = Vilka två saker gör vi före nästa mätning, och hur märker vi att de gav något?
report-plan = Stycke till planen
report-paragraph = I undersökningen { $instrument } { $year } var vårt värde { $own }. Medelvärdet för { $count } var { $peers }. (Utgåva { $release })
