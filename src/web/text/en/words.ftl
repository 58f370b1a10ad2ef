# Words that several pages and charts share.
percentage-points = { $count ->
    [one] { $number } percentage point
   *[other] { $number } percentage points
  }
withheld = not shown
nothing-shown = No value is shown.
value = Value
change = Change
year = Year
group = Group
measure = Measure
level = Level
instrument = Survey
category = Category
county = County
sector = Sector
class = Class
share = Share
peers = Peers
own = Your value
organisations = Organisations
middle-half = Middle half
took-part = Counted
of-all = In the register
lowest-and-highest = Lowest is { $lowest } at { $low } and highest { $highest } at { $high }.
kind-all = All
kind-sector = Sectors
kind-skr-main-group = SKR's main groups
kind-skr-group = SKR's municipality groups
kind-size = Population
kind-county = Counties
kind-branch = Branches
kind-registered = Listed groups
fetch-heading = Fetch the figures
fetch-lead = The same figures over the API:
fetch-sql = Or with SQL over the open tables:
fetch-run = Run the query
shown-with = Shown together as
unit-of-points = { $count ->
    [one] percentage point
   *[other] percentage points
  }
several = several
all-alike = All have { $value }.
kind-block = Blocks
