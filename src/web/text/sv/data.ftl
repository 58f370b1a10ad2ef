# The page on data.
data-lead = Allt som publiceras är öppna data: hela tabeller att ladda ner, och gränssnitt för program. Ingenting av det röjer en enskild organisation.
data-interfaces = Gränssnitt
data-api = API:et med alla resurser, parametrar, kolumner och gränser
data-faces = Samma siffror för klienter till SCB:s databas (PxWebApi 2) och Kolada (v3)
data-sql = Egna frågor i SQL, med exempel, i webbläsaren eller från program
data-catalog = Beskrivning för dataportaler (DCAT-AP-SE)
data-licence = Villkor: fri användning; ange gärna källan.
data-bundle = Hela utgåvan som en fil (ZIP med Parquet och beskrivning av kolumnerna)
data-tables = Tabeller
data-caption = Publicerade tabeller i den aktuella utgåvan
data-table = Tabell
data-content = Innehåll
data-size = Storlek
data-files = Filer
data-rows = { $count ->
    [one] en rad
   *[other] { $number } rader
  }
