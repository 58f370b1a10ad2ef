"""Cases of who takes part: many, few, a whole sector of one block, and small sets that the groups around them could give away."""

import itertools

import numpy as np

from cased import case, demand, demand_untold
from harder import replace_once
from surveyed import SECTOR, TWO, YEARS, some
from utility import turn_over

# one legal person with its municipality, so that samples leave it out
GOTLAND = "region-09"


@case("290 municipalities")
def everybody(workshop):
    """All of them, every year."""
    return workshop.published("290", workshop.surveys(TWO, workshop.sector("municipality")))


@case("200 municipalities")
def two_hundred(workshop):
    """Of 200 nineteen in twenty come back."""
    taking_part = zip(YEARS, turn_over(workshop.sector("municipality"), 200, 0.95, np.random.default_rng(200)))
    return workshop.published("200", {year: workshop.survey(year, present) for year, present in taking_part})


@case("172 municipalities")
def one_hundred_and_seventy_two(workshop):
    """Of 172 nine in ten come back."""
    taking_part = zip(YEARS, turn_over(workshop.sector("municipality"), 172, 0.9, np.random.default_rng(172)))
    return workshop.published("172", {year: workshop.survey(year, present) for year, present in taking_part})


@case("21 regions")
def regions(workshop):
    """A sector that is one block."""
    surveys = workshop.surveys(YEARS, [one for one in workshop.sector("region") if one != GOTLAND])
    for survey in surveys.values():
        survey[GOTLAND] = [row | {"organisation": GOTLAND} for row in survey["region-10"]]
    return workshop.published("21", surveys)


@case("a county of one")
def county_of_one(workshop):
    """Gotland's, and two counties of which a single member takes part."""
    alone = {"09": workshop.county("09"), "10": workshop.county("10")[:1], "24": workshop.county("24")[-1:]}
    away = {one for county in alone for one in workshop.county(county)} - {one for own in alone.values() for one in own}
    present = set(some(workshop, 170, without=away)) | {own[0] for own in alone.values()}
    stores = workshop.published("county-of-one", workshop.surveys(TWO, present))
    look = stores.look()
    for (county, [one]), (year, shown) in itertools.product(alone.items(), look.groups.items()):
        demand(set(workshop.county(county)) & shown[SECTOR] == {one}, f"{county} should have one participant in {year}")
        demand_untold(shown, frozenset({one}), f"the only member of county {county} in {year}")
        answers = look.ask(
            "select distinct status, answers_with from published.figures where group_id = ? and year = ?", f"county:{county}", year
        )
        demand([status for status, _ in answers] == ["withheld"], f"county {county} of {year} should be withheld: {answers}")
        [(_, neighbours)] = answers
        demand(neighbours.startswith("county:") and one in shown[neighbours], f"{neighbours} answers for county {county} in {year}")
    return stores


@case("a class of three")
def class_of_three(workshop):
    """SKR's large cities, which are a size band of their own too, and an SKR group of which three take part."""
    cities, class_c6 = workshop.skr_group("A1"), workshop.skr_group("C6")
    schemas = workshop.definitions("class-of-three")
    size = schemas / "grouping" / "size.toml"
    band = '    { key = "300k", from = 300000, name = { sv = "300 000 eller fler", en = "300,000 or more" } },\n]'
    size.write_text(replace_once(size.read_text("utf-8"), r"^\]$", band), "utf-8")
    present = {*some(workshop, 170, without=class_c6), *cities, *class_c6[:3]}
    stores = workshop.published("class-of-three", workshop.surveys(TWO, present), schemas)
    look = stores.look()
    [(bands,)] = look.ask("select count(*) from published.groups where kind = 'size' and group_id like '%300k'")
    demand(bands, "the band of 300,000 and more should be a group, or a part of one")
    for members, (year, shown) in itertools.product((cities, class_c6[:3]), look.groups.items()):
        demand(len(members) == 3 and shown[SECTOR] >= set(members), f"three of a class should count in {year}")
        demand_untold(shown, frozenset(members), f"the class of {members[0]} and two more in {year}")
        # nor what is left of two of them or of one
        for one in members:
            demand_untold(shown, frozenset({one}), f"{one} in {year}")
            demand_untold(shown, frozenset(members) - {one}, f"the class without {one} in {year}")
    return stores
