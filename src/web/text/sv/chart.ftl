# Words in and around charts.
chart-goal = mål { $value }
chart-break = ny serie
chart-path = Målets bana
chart-svg = Bild (SVG)
chart-embed = Bädda in
as-table = Visa som tabell
mark-own = ert värde { $value }
mark-tried = provat värde { $value }
trend-heading = { $measure }, { $group }, år för år
trend-finding = Från { $from } år { $first } till { $to } år { $last }.
trend-one = { $value } år { $year }.
trend-description = Linje från { $first } till { $last }, skala 0 till 100 procent.
small-trends-heading = Kategorierna år för år, { $group }
small-trends-description = En liten linje för varje kategori, alla med samma skala från 0 till 100 procent.
categories-heading = Kategorierna { $year }, { $group }
categories-description = Liggande staplar från 0 till 100 procent. Strecket i stapeln visar var den mellersta hälften av organisationerna ligger.
participation-heading = { $by ->
    [county] Deltagande efter län { $year } (kommuner)
   *[sector] Deltagande efter sektor { $year }
  }
participation-description = Liggande staplar: andel av registrets organisationer vars svar räknas i siffrorna.
groups-heading = { $measure } { $year }: { $kind }
groups-line = Streckad linje: { $group }, { $value }.
groups-description = En punkt för varje grupp på en skala från 0 till 100 procent; där det är publicerat visar ett streck den mellersta hälften av organisationerna. Den streckade linjen är alla som deltog.
counties-heading = { $measure } { $year }, kommunerna länsvis på kartan
counties-description = Karta över länen med värdet i procent utskrivet i varje län. Län som bara kan visas tillsammans har samma tal; de som inte visas alls är skrafferade.
distribution-heading = Så fördelar sig organisationerna: { $measure }, { $group } { $year }
distribution-description = Staplar för klasser om tio procentenheter, med andelen organisationer ovanför. Under dem den mellersta hälften och medianen.
quartiles-finding = Den mellersta hälften ligger mellan { $lower } och { $upper }, och medianen är { $middle }.
position-finding = Ungefär { $below } av de jämförda ligger under värdet (mellan { $from } och { $to }).
of-blocks = Fördelningen är den typiska för de jämfördas block, inte deras egna resultat.
peers-heading = Så fördelar sig de jämförda: { $measure } { $year }
peers-categories-heading = De jämfördas kategorier { $year }
peers-categories-description = Liggande staplar från 0 till 100 procent för de jämförda, med den mellersta hälften som ett streck.
peers-categories-own-description = Liggande staplar från 0 till 100 procent för de jämförda, med den mellersta hälften som ett streck och ert eget värde som en ruter.
trend-description-path = En streckad linje är målets bana.
trend-description-hatched = År som inte visas är skrafferade.
