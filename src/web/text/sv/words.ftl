# Words that several pages and charts share.
percentage-points = { $count ->
    [one] { $number } procentenhet
   *[other] { $number } procentenheter
  }
withheld = visas ej
nothing-shown = Inget värde visas.
value = Värde
change = Förändring
year = År
group = Grupp
measure = Mått
level = Nivå
instrument = Undersökning
category = Kategori
county = Län
sector = Sektor
class = Klass
share = Andel
peers = Jämförda
own = Ert värde
organisations = Organisationer
middle-half = Mellersta hälften
took-part = Räknas
of-all = I registret
lowest-and-highest = Lägst är { $lowest } med { $low } och högst { $highest } med { $high }.
kind-all = Alla
kind-sector = Sektorer
kind-skr-main-group = SKR:s huvudgrupper
kind-skr-group = SKR:s kommungrupper
kind-size = Folkmängd
kind-county = Län
kind-branch = Branscher
kind-registered = Förtecknade grupper
fetch-heading = Hämta siffrorna
fetch-lead = Samma siffror över API:et:
fetch-sql = Eller med SQL över de öppna tabellerna:
fetch-run = Kör frågan
shown-with = Visas tillsammans som
unit-of-points = { $count ->
    [one] procentenhet
   *[other] procentenheter
  }
several = flera
all-alike = Alla har { $value }.
kind-block = Block
