"""What a case is and who judges it: the list of cases, the judges that look at a case's stores, and what cases ask about sets of organisations."""

import itertools
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from anonymity import RHO, editions, observations, over_years, within_year
from collected import collect_files
from narrowed import possible_classes, programme, solver
from opened import fail
from published import bounds, fullest, histograms_of, judge_coming_and_going, judge_intervals, judge_within, judge_years, means_of, years_of
from surveyed import INSTRUMENT, JUDGE

# members of so many of the fullest classes are narrowed down with distributions as well
FULLEST = 2
SEED = 1
CASES = []


def case(name, judges=("anonymity", "means")):
    """Adds a function to the cases: it publishes, looks whether its trap springs, and returns the stores that are judged.

    `judges` know the private side, beside the outsider, who does not.
    """

    def add(function):
        CASES.append(SimpleNamespace(name=name, run=function, judges=judges))
        return function

    return add


def demand(holds, text):
    """Ends the case if something does not hold."""
    if not holds:
        fail(JUDGE, text)


# ---- all judges ----


def run_judge(name, stores):
    """Runs one of the judges that know the private side."""
    command = [sys.executable, Path(__file__).with_name(f"{name}.py")]
    for option in ("private", "public", "schemas", "register"):
        command += [f"--{option}", getattr(stores, option)]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True)


def width_with_distributions(collected, edition):
    """The least width of what distributions and means leave to members of the fullest classes.

    It is told and not judged: what distributions leave is for the witness audit, which no case waits for.
    """
    chance, widths = random.Random(SEED), [np.nan]
    for _, instrument, indicator, year, members in fullest(collected)[:FULLEST]:
        rows, histograms = bounds(collected, instrument, indicator, means_of(year)), histograms_of(collected, instrument, indicator, year)
        step = edition.policy["histogram_step"]
        _, low, high = possible_classes(rows, histograms, (chance.choice(members), year), step)
        widths.append(high - low)
    return np.nanmin(widths)


def judge_as_outsider(stores):
    """From published files alone: anonymity within a year and over years, and the narrowest interval of any result."""
    collected, edition = collect_files(stores.public)
    years = years_of(collected)
    within = min(k_eff.min() for _, k_eff, _ in judge_within(collected, years).values())
    over = min(judge_years(collected, years).values())
    width = min(judge_intervals(collected, years, {})[0], judge_coming_and_going(collected, years, {})[0])
    return (
        f"k_eff {within:.2f} within a year and {over:.2f} over years, intervals at least {width:.0f} points"
        f" ({width_with_distributions(collected, edition):.0f} where a class is fullest)"
    )


def judge(own, stores):
    """Has a case's judges and the outsider look at its stores at the same time; what the outsider says."""
    with ThreadPoolExecutor() as pool:
        running = {name: pool.submit(run_judge, name, stores) for name in own.judges}
        said = judge_as_outsider(stores)
    for name, future in running.items():
        done = future.result()
        demand(not done.returncode, f"{name}.py says: {(done.stderr + done.stdout).strip()[-600:]}")
    return said


# ---- what cases ask ----


def follows(shown, members):
    """Whether the sum of some organisations' results is a combination of the shown groups' means."""
    _, columns, left, _ = within_year(shown)
    wanted = np.isin(columns, sorted(members)).astype(float)
    return members <= set(columns) and np.linalg.norm(left @ wanted) < 1e-6 * np.sqrt(len(members))


def demand_untold(shown, members, what):
    """Ends the case if some organisations are a shown group, the difference of two, or follow from several."""
    demand(members not in shown.values(), f"{what}: shown as a group")
    for (one, larger), (other, smaller) in itertools.permutations(shown.items(), 2):
        demand(not (smaller < larger and larger - smaller == members), f"{what}: {one} less {other}")
    demand(not follows(shown, members), f"{what}: follows from shown means")


def hidden(look, more=()):
    """Effective anonymity of each (organisation, year) over all years and editions, as it is and if further sums were shown."""
    rows = observations(list(editions(look.opened)), INSTRUMENT) + list(more)
    told = {(organisation, year) for terms in rows for organisation, year, _ in terms}
    columns, years = sorted({organisation for organisation, _ in told}), sorted({year for _, year in told})
    k_eff = over_years(rows, columns, years, RHO, len(look.opened.instruments[INSTRUMENT]["node"]))
    return {(one, year): k_eff[columns.index(one), years.index(year)] for one, year in told}


def respondents_of(shown, counts, organisation, least):
    """Between what the published numbers of respondents, which are rounded to tens, leave an organisation's own."""
    at = {one: place for place, one in enumerate(sorted(set().union(*shown.values())))}
    rows = [({at[one]: 1.0 for one in shown[group]}, count - 5.0, count + 5.0) for group, count in counts.items()]
    highs, ends = solver(programme(rows, [1e6] * len(at), [float(least)] * len(at))), []
    for sense in (1.0, -1.0):
        highs.changeColCost(at[organisation], sense)
        highs.run()
        ends.append(highs.getSolution().col_value[at[organisation]])
    return ends
