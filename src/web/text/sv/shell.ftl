# Words around every page.
skip = Hoppa till innehållet
main-menu = Huvudmeny
trail = Var du är
feed-title = Nya utgåvor
place-start = Start
place-measures = Mått
place-compare = Jämför
place-data = Data
place-editions = Utgåvor
place-method = Metod
place-accessibility = Tillgänglighet
place-docs = API-dokumentation
edition-line = Utgåva { $number }, { $release }, publicerad { $day }.
search = Sök
show = Visa
