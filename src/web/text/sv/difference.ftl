# The page on what one edition changed in another.
difference-title = Vad utgåva { $later } ändrade i utgåva { $earlier }
difference-editions = Utgåva { $earlier } publicerades { $earlier-day } och utgåva { $later } publicerades { $later-day }.
difference-none = Alla tabeller är lika. Ingenting har ändrats.
difference-tables = Ändringar per tabell
difference-table = Tabell
difference-added = Nya rader
difference-removed = Borttagna rader
difference-changed = Ändrade värden
difference-values = Värden som har ändrats i rader som finns i båda utgåvorna.
difference-more = De första { $shown } av { $all } visas.
difference-row = Rad
difference-column = Kolumn
difference-before = Förut
difference-after = Nu
difference-empty = tomt
difference-all = Alla ändringar som fil:
difference-back = Till alla utgåvor
