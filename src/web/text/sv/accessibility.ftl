# The accessibility statement.
accessibility-lead = { $publisher } vill att alla ska kunna använda den här tjänsten, oavsett hur man läser, hör eller rör sig. Sidorna följer lagen om tillgänglighet till digital offentlig service och WCAG 2.1 på nivå AA.
accessibility-how-heading = Så är det testat
accessibility-how = Varje sida testas i en webbläsare vid varje ändring: med tangentbord, i smala fönster, i 200 procents förstoring, i ljust läge, mörkt läge och högkontrastläge, och utan JavaScript. Alla diagram finns också som tabell.
accessibility-short-heading = Kända brister
accessibility-short-tables = Breda tabeller rullar i sidled i ett eget fält på små skärmar.
accessibility-short-files = Nedladdade filer i format som PX och Parquet är gjorda för program och inte för skärmläsare; samma innehåll finns som CSV och XLSX.
accessibility-tell-heading = Säg till
accessibility-tell = Hittar du något som inte fungerar, skriv till
accessibility-authority = Myndigheten för digital förvaltning har tillsyn. Anmäl brister på
