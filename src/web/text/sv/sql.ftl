# The page for queries in SQL.
sql-title = Fråga med SQL
sql-title-of = Fråga med SQL: { $query }
sql-lead = Ställ egna frågor till de publicerade tabellerna. Frågan läser bara det som är publicerat, så svaret får användas och spridas fritt.
sql-query = Fråga
sql-run = Kör
sql-refused = Frågan kördes inte.
sql-result = Svar
sql-rows = { $count ->
    [0] Inga rader.
    [one] En rad.
   *[other] { $number } rader.
  }
sql-first-rows = De första { $shown } av { $all } rader visas. Filerna har alla.
sql-call = Samma fråga till API:et:
sql-true = sant
sql-false = falskt
sql-examples = Exempel
sql-examples-lead = Varje exempel går att köra och ändra.
sql-run-example = Kör exemplet
sql-tables = Tabeller och vyer
sql-tables-lead = Alla ligger i schemat published. Varje namn leder till en beskrivning av kolumnerna.
sql-functions = Funktioner
sql-functions-lead = Dessa funktioner går att använda, och inga andra. Heltal som delas med heltal ger heltal: skriv 1.0 * a / b.
sql-over-row = För varje rad
sql-over-group = För en grupp av rader
sql-over-window = För ett fönster av rader, med over
sql-elsewhere = Längre frågor, och från andra program
sql-elsewhere-lead = Frågor som är för långa för en adress skickas med POST:
