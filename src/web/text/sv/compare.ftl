# The page that compares, and peers in words.
compare-title = { $name } bredvid andra
compare-lead = Sök upp en organisation för att se den bredvid jämförbara. Ingen enskild organisations resultat visas; med organisationens egen nyckel läggs dess eget värde till.
compare-find = Kommun, region, myndighet eller företag
compare-found = { $count ->
    [one] En träff
   *[other] { $number } träffar
  }
compare-none = Inget hittades. Pröva en kortare del av namnet, eller organisationens kod.
compare-choices = Val
compare-value = Prova ett värde
compare-value-hint = Procent, till exempel 47. Visar var ett sådant värde skulle hamna.
compare-result = Resultat
compare-report = Gör en rapport att skriva ut
compare-how = Så kommer siffrorna till
compare-members = { $count ->
    [one] En jämförd organisation
   *[other] De { $number } jämförda organisationerna
  }
compare-mean = { $count ->
    [one] Den jämförda organisationen har värdet { $value }.
   *[other] De { $number } jämförda organisationerna har medelvärdet { $value }.
  }
compare-withheld = { $count ->
    [one] Medelvärdet visas inte, för att skydda dem som svarat.
   *[other] Medelvärdet för de { $number } jämförda organisationerna visas inte, för att skydda dem som svarat.
  }
compare-gap = Målet för alla organisationer tillsammans är { $target }; det är { $points } över de jämfördas värde.
compare-reached = Målet för alla organisationer tillsammans är { $target }; de jämförda ligger på eller över det.
peers-similar-8 = De 8 mest lika
peers-similar-16 = De 16 mest lika
peers-similar-30 = De 30 mest lika
peers-block = Samma block (liknande, exakt siffra)
peers-county = Samma län
peers-skr-group = Samma SKR-grupp
peers-own-list = { $count ->
    [one] Egen lista med en organisation
   *[other] Egen lista med { $number } organisationer
  }
own-list = Egen lista
own-list-lead = Lägg till organisationer en i taget; minst åtta behövs för en jämförelse. Listan står i sidans adress, så att den kan sparas och delas.
own-list-add-one = Lägg till { $name }
own-list-remove = Ta bort
method-answers-for = För { $asked } svarar den större gruppen { $group }, eftersom siffran annars inte kan visas.
method-exact = Exakt grupp: siffran är gruppens egen, avrundad till hela procent.
method-mixture = Blandning av block: siffran är det typiska för sådana organisationer, räknad ur publicerade siffror för deras block och inte ur de valdas egna resultat.
method-error = Räkna med ett fel på omkring { $points }.
method-blocks = Block: { $parts }.
method-part = { $members } av { $size } i { $block }
method-safe = Ingen enskild organisations resultat kan räknas ut ur siffrorna, hur många jämförelser man än gör.
no-peers-unreadable = Valet av jämförda går inte att läsa. Välj i listan ovan.
no-peers-organisation = Välj först en organisation.
no-peers-unknown-organisation = { $id } finns inte i registret.
no-peers-unknown-group = Gruppen { $id } finns inte det året. Välj andra jämförda eller ett annat år.
no-peers-not-participating = Deltog inte { $year }, eller räknas inte: { $ids }. Välj andra jämförda eller ett annat år.
no-peers-none = Det finns inga sådana jämförbara för { $id }. Välj andra i listan ovan.
no-peers-too-few = Det blir för få att jämföra med ({ $found }): minst { $least } organisationer behövs. Lägg till fler, eller välj andra i listan ovan.
compare-title-full = { $name } bredvid andra: { $peers }, { $measure } { $year }
compare-typical = { $count ->
    [one] För en sådan organisation är { $value } det typiska.
   *[other] För de { $number } jämförda organisationerna är { $value } det typiska, räknat ur deras block.
  }
compare-missing = { $count ->
    [one] Det finns inget värde att visa.
   *[other] Det finns inget medelvärde att visa för de { $number } jämförda organisationerna.
  }
own-list-which = Organisation att lägga till
own-list-search = Sök i registret
method-includes = { $name } ingår själv bland de jämförda.
