"""Cases of what is answered: all alike, one organisation with most of the people, and one that leaves something out."""

import numpy as np

from cased import case, demand, respondents_of
from surveyed import ANSWERS, LAST, SECTOR, TWO, some


def presence(look):
    """Everything about published cells but what they tell of results."""
    tables = {
        "figures": "indicator, group_id, year, status, mean_bound, organisations, respondents, median is null, series, answers_with",
        "blocks": "indicator, group_id, year, class_from",
        "changes": "indicator, group_id, year, status, organisations_matched, change_matched is null",
        "group_members": "group_id, year, organisation",
        "groups": "group_id, kind, name_sv, parent, merged_from, histogram",
    }
    return {name: sorted(look.ask(f"select {columns} from published.{name}"), key=str) for name, columns in tables.items()}


@case("a group whose members are all alike")
def all_alike(workshop):
    """A county and a block in which every result is 47: the same cells are shown as with other results."""
    present = some(workshop, 150)

    def surveyed(members=()):
        surveys = workshop.surveys(TWO, present)
        for row in (row for survey in surveys.values() for one in members for row in survey[one]):
            row["value"] = "47"
        return surveys

    usual = workshop.published("unlike", surveyed()).look()
    shown = usual.groups[LAST]
    for kind in ("block", "county"):
        name = min((name for name in shown if name.startswith(kind)), key=lambda name: (len(shown[name]), name))
        stores = workshop.published(f"alike-{kind}", surveyed(shown[name]))
        look = stores.look()
        alike = {points for (one, _, _), points in look.scores.items() if one in shown[name]}
        demand(alike == {47.0}, f"every result in {name} should be 47")
        demand(presence(look) == presence(usual), f"it is seen from what is shown that the members of {name} are all alike")
    # a county has no distribution; that of a block would say it, which is for the witness audit to prevent
    return stores


@case("one organisation with half of all respondents", judges=("anonymity", "means", "answers"))
def half_of_all(workshop):
    """Its people are as satisfied as can be, and the sector's mean is everybody else's."""
    present = some(workshop, 100)
    surveys, largest = workshop.surveys(TWO, present, ANSWERS), present[0]
    best = {own["key"]: "1" if own["direction"] == "burdening" else "5" for own in workshop.instrument["question"]}
    for survey in surveys.values():
        rest = sum(map(len, survey.values())) - len(survey[largest])
        row = survey[largest][0]
        survey[largest] = [row | best | {"respondent": f"one-of-many-{number}"} for number in range(rest)]
    stores = workshop.published("half", surveys)
    look = stores.look()
    for year, shown in look.groups.items():
        people = dict(look.ask("select distinct organisation, respondents from scores where year = ?", year))
        demand(2 * people[largest] >= sum(people.values()), f"{largest} should have half of the respondents of {year}")
        [(mean,)] = look.ask(
            "select mean from published.figures where group_id = ? and year = ? and indicator = 'index'", SECTOR, year
        )
        points = {one: look.scores[(one, year, "index")] for one in shown[SECTOR]}
        weighted = sum(points[one] * people[one] for one in points) / sum(people[one] for one in points)
        demand(abs(mean - np.mean(list(points.values()))) <= 0.5, f"the mean of {year} should count every organisation once")
        demand(abs(mean - weighted) > 10, f"the mean of {year} should not be that of respondents")
        counts = dict(look.ask(
            "select group_id, any_value(respondents) from published.figures where year = ? and respondents is not null group by all", year
        ))
        least, most = respondents_of(shown, counts, largest, look.opened.policy["min_respondents_organisation"])
        demand(least < look.opened.policy["min_respondents_cell"] < most, f"{largest} is known to have {least:.0f} respondents in {year}")
    return stores


@case("a member that lacks one category", judges=("anonymity", "means", "answers"))
def lacks_a_category(workshop):
    """It answers all other questions, and counts in no measure."""
    # others come as well, so that the one who is gone is not the only one who makes a difference
    present = some(workshop, 120)
    surveys = {year: workshop.survey(year, present[:end], ANSWERS) for year, end in zip(TWO, (110, 120))}
    parent = {node["key"]: node.get("parent") for node in workshop.instrument["node"]}
    lacking = [own["key"] for own in workshop.instrument["question"] if parent[own["node"]] == "governance"]
    usual = workshop.published("lacks-nothing", surveys).look()
    member = max(usual.groups[LAST][SECTOR] & usual.groups[TWO[0]][SECTOR], key=lambda one: (len(surveys[LAST][one]), one))
    for row in surveys[LAST][member]:
        row.update(dict.fromkeys(lacking, "dont-know"))
    stores = workshop.published("lacks-a-category", surveys)
    look = stores.look()
    demand(lacking and (member, TWO[0], "index") in look.scores, f"{member} should count in {TWO[0]}")
    demand(look.ask("select count(*) from respondent where organisation = ? and year = ?", member, LAST) > [(4,)], "it should answer")
    listed = look.ask("select distinct group_id from published.group_members where organisation = ? and year = ?", member, LAST)
    demand(not listed, f"{member} lacks a category, and is listed in {listed}")
    [(least, most)] = look.ask(
        "select min(organisations), max(organisations) from published.figures where group_id = ? and year = ?", SECTOR, LAST
    )
    others = len(usual.groups[LAST][SECTOR]) - 1
    demand((least, most) == (others, others), f"every measure of {LAST} should be of {others}, and is of {least} to {most}")
    return stores
