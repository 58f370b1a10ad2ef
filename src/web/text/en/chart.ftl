# Words in and around charts.
chart-goal = target { $value }
chart-break = new series
chart-path = Target path
chart-svg = Picture (SVG)
chart-embed = Embed
as-table = Show as a table
mark-own = your value { $value }
mark-tried = tried value { $value }
trend-heading = { $measure }, { $group }, year by year
trend-finding = From { $from } in { $first } to { $to } in { $last }.
trend-one = { $value } in { $year }.
trend-description = Line from { $first } to { $last }, scale 0 to 100 per cent.
small-trends-heading = The categories year by year, { $group }
small-trends-description = A small line for each category, all on the same scale from 0 to 100 per cent.
categories-heading = The categories in { $year }, { $group }
categories-description = Horizontal bars from 0 to 100 per cent. The line in a bar shows where the middle half of the organisations lies.
participation-heading = { $by ->
    [county] Participation by county in { $year } (municipalities)
   *[sector] Participation by sector in { $year }
  }
participation-description = Horizontal bars: share of the register's organisations whose answers count in the figures.
groups-heading = { $measure } in { $year }: { $kind }
groups-line = Dashed line: { $group }, { $value }.
groups-description = A dot for each group on a scale from 0 to 100 per cent; where it is published, a line shows the middle half of the organisations. The dashed line is all who took part.
counties-heading = { $measure } in { $year }, municipalities by county on the map
counties-description = A map of the counties with the value in per cent written in each. Counties that can only be shown together have the same number; those that are not shown at all are hatched.
distribution-heading = How organisations are distributed: { $measure }, { $group } in { $year }
distribution-description = Bars for classes of ten percentage points, with the share of organisations above each. Below them the middle half and the median.
quartiles-finding = The middle half lies between { $lower } and { $upper }, with the median at { $middle }.
position-finding = About { $below } of the peers lie below the value (between { $from } and { $to }).
of-blocks = The distribution is what is typical of the peers' blocks and not their own results.
peers-heading = How the peers are distributed: { $measure } in { $year }
peers-categories-heading = The peers' categories in { $year }
peers-categories-description = Horizontal bars from 0 to 100 per cent for the peers, with the middle half as a stroke.
peers-categories-own-description = Horizontal bars from 0 to 100 per cent for the peers, with the middle half as a stroke and your own value as a diamond.
trend-description-path = A dashed line is the target path.
trend-description-hatched = Years that are not shown are hatched.
