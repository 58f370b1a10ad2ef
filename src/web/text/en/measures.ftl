# The pages on measures.
measures-lead = All measures that the surveys give, with the latest value of all who took part. Each measure has a page of its own with groups, counties, distribution and change.
measures-caption = { $instrument }: measures and values of { $year }
measure-lead = { $group } in { $year }: { $value }.
measure-parts = The measure is made of
changes-heading = Change
changes-lead = The published change is split in two: the change in the organisations that answered in both years, and the part that goes with different participants. In percentage points.
changes-caption = Change from the year before
change-matched = Same organisations
change-composition = Other participants
organisations-both = Organisations in both years
measure-title = { $measure }, { $group } in { $year } ({ $instrument })
measure-answered = { $group } is shown together with others, to protect those who answered. Together the value is { $value }:
