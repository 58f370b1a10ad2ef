-- name: cube/respondents_by_role
-- purpose: how many respondents of each role an organisation has, for a publisher's own two-way table
-- grain: organisation, year, category
-- measures: respondents
-- support: attendance alone is at hand, and no answers; which cells carry dots is decided in disclosure
select organisation, year, role as category, sum(respondents) as respondents
from attendance
group by organisation, year, role
