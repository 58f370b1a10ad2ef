"""Cases of what changes from one year or edition to the next: one who comes or goes, one who corrects answers, and groups that are cut anew."""

from anonymity import OVER_YEARS_MIN
from cased import case, demand, hidden
from harder import replace_once
from surveyed import LAST, SECTOR, TWO, YEARS, some


def demand_hidden(look):
    """Ends the case if anybody is found too nearly over all years and editions."""
    k_eff = hidden(look)
    worst = min(k_eff, key=k_eff.get)
    demand(k_eff[worst] >= OVER_YEARS_MIN, f"{worst[0]} keeps {k_eff[worst]:.2f} in {worst[1]} over years and editions")


def matched(members, year):
    """The mean change of some organisations from the year before, as a sum."""
    share = 1.0 / len(members)
    return [(one, year, share) for one in members] + [(one, year - 1, -share) for one in members]


def join_each_year(workshop, number):
    """Surveys of so many municipalities, and of one more in every further year."""
    present = some(workshop, number + len(YEARS) - 1)
    return {year: workshop.survey(year, present[: number + at]) for at, year in enumerate(YEARS)}


def demand_trap_of_joining(look, surveys):
    """Ends the case unless one comes each year, whom the sector's matched change beside its means would find."""
    for year in YEARS[1:]:
        joined = set(surveys[year]) - set(surveys[year - 1])
        demand(len(joined) == 1, f"one should join in {year}, and {len(joined)} do")
        found = hidden(look, [matched(sorted(surveys[year - 1]), year)])[(*joined, year)]
        demand(found < OVER_YEARS_MIN, f"in {year} the matched change would leave the newcomer {found:.2f}, which is no trap")


def joined(stores, surveys):
    """The stores, after it is known that there was a trap and that it did not spring."""
    look = stores.look()
    demand_trap_of_joining(look, surveys)
    demand_hidden(look)
    return stores


@case("one organisation joining each year")
def joining(workshop):
    """The sector's sum less the year's before, carried on by the matched change, would be the newcomer's result."""
    surveys = join_each_year(workshop, 80)
    stores = workshop.published("joining", surveys)
    return joined(stores, surveys)


@case("one organisation joining each year, with an edition each")
def joining_by_edition(workshop):
    """The same, published as soon as a year is there; earlier editions have other groups."""
    surveys, stores = join_each_year(workshop, 120), workshop.stores("joining-by-edition")
    for year, survey in surveys.items():
        stores.ingest(year, survey)
        stores.publish()
    return joined(stores, surveys)


@case("one organisation too late for an edition")
def too_late(workshop):
    """Its year is out, and the next edition would be its result more."""
    *present, late = some(workshop, 91)
    stores = workshop.published("too-late", workshop.surveys(TWO, present))
    first = stores.look().groups
    stores.ingest(LAST, workshop.survey(LAST, [late]))
    stores.publish()
    look = stores.look()
    demand((late, LAST, "index") not in look.scores, f"{late} should wait")
    demand(look.groups[LAST] == first[LAST], "groups should stay as they were")
    demand_hidden(look)
    return stores


@case("one organisation gone from an edition")
def gone(workshop):
    """It takes its answers back after they counted."""
    *present, leaving = some(workshop, 91)
    stores = workshop.published("gone", workshop.surveys(TWO, [*present, leaving]))
    first = stores.look().groups
    stores.replace(LAST, workshop.survey(LAST, present))
    stores.publish("--kind", "revision")
    look = stores.look()
    demand((leaving, LAST, "index") in look.scores, f"{leaving} should count as before")
    demand(look.groups[LAST] == first[LAST], "groups should stay as they were")
    demand_hidden(look)
    return stores


def cells_of_parts(look):
    """Every published number of groups that are not their whole sector, by table, group, year and what else is its key."""
    parts = {(group, year) for year, shown in look.groups.items() for group, members in shown.items() if members < shown[SECTOR]}
    keys = {
        "figures": ("indicator", "mean, mean_bound, lower_quartile, median, upper_quartile"),
        "blocks": ("indicator, class_from", "organisations"),
        "changes": ("indicator", "change, change_matched, change_composition"),
        "answers_by_group": ("question, role", "mean, mean_bound"),
    }
    cells = {}
    for table, (key, numbers) in keys.items():
        width = len(key.split(","))
        for group, year, *row in look.ask(f"select group_id, year, {key}, {numbers} from published.{table}"):
            if (group, year) in parts:
                cells[(table, group, year, *row[:width])] = row[width:]
    return cells


@case("one correction in a revision")
def correction(workshop):
    """One organisation corrects its answers by far; whoever knows which one could take two editions' groups from each other."""
    present = some(workshop, 120)
    surveys = workshop.surveys(TWO, present)
    stores = workshop.published("correction", surveys)
    first = stores.look()
    corrected = min(present, key=lambda one: first.scores[(one, LAST, "index")])
    for row in surveys[LAST][corrected]:
        row["value"] = str(min(100.0, float(row["value"]) + 50.0))
    stores.replace(LAST, surveys[LAST])
    stores.publish("--kind", "revision")
    look = stores.look()
    by = min(50.0, 100.0 - first.scores[(corrected, LAST, "index")])
    least = min(len(members) for members in first.groups[LAST].values() if corrected in members)
    demand(by / least >= 1, f"a correction by {by:.1f} points should be seen in a group of {least}")
    before, after = cells_of_parts(first), cells_of_parts(look)
    both = before.keys() & after.keys()
    changed = sorted((key for key in both if before[key] != after[key]), key=str)
    demand(len(both) == len(before) == len(after), "the editions do not show the same cells of parts of the sector")
    demand(not changed, f"{len(changed)} of {len(both)} cells of parts of the sector change when {corrected} corrects its answers: {changed[:3]}")
    return stores


@case("other size bands in a later edition")
def other_bands(workshop):
    """Cut at 12,500 instead of 10,000 inhabitants, two editions' bands are taken from each other."""
    stores = workshop.stores("other-bands")
    stores.ingest(LAST, workshop.survey(LAST, some(workshop, 170)))
    stores.publish()
    stores.schemas = workshop.definitions("other-bands")
    size = stores.schemas / "grouping" / "size.toml"
    text = size.read_text("utf-8")
    for start, moved in ((10_000, 12_500), (20_000, 27_000), (50_000, 70_000)):
        text = replace_once(text, rf"from = {start},", f"from = {moved},")
    size.write_text(text, "utf-8")
    stores.publish()
    return stores
