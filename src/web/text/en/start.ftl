# The start page.
start-based-on = { $year }: answers from { $organisations } organisations and about { $respondents } people.
start-target-heading = Towards the target
start-target = { $name }: { $value } in { $year }.
start-pace-needed = Getting there takes { $points } a year.
start-pace-had = The change of the last year was { $points }; at that pace it will be { $value } in { $year }.
start-matched = The change is { $matched } percentage points in the { $organisations } organisations that answered in both years; the rest, { $composition }, goes with different organisations taking part.
start-ways-heading = Go on
start-way-compare = Compare an organisation with others
start-way-measure = The figure in depth: groups, counties and distribution
start-way-instrument = Show { $instrument }
start-way-editions = All editions and what has changed
start-news-heading = New in this edition
start-edition = Edition { $number } ({ $kind }), published { $day }.
start-newest = { $instrument }: up to { $year }.
start-title = { $instrument }: where things stand
start-based-on-organisations = { $year }: answers from { $organisations } organisations.
start-reached = The target has been reached.
