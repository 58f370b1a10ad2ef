"""Judges a release as an outsider: from published files and a server's responses alone it narrows down every organisation's result; the private store is opened at the very end, to compare a reader's guesses with the truth."""

import argparse
import random
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from anonymity import INSIDERS, NOTHING, OVER_YEARS_MIN, RHO, WITHIN_YEAR_MIN, effective, over_years
from collected import collect_files, collect_responses
from guessed import DRAWS, DRAWS_YEARS, errors_over_years, errors_within, guess, tolerance
from handled import JUDGE, terms
from narrowed import Narrowing, narrowest, possible_classes
from opened import fail, open_stores
from served import serving

WIDTH_MIN = 20.0
CLASSES_MIN = 2
# of the prior's deviation: an effective anonymity of 5 leaves the square root of 4/5, and one of 3 that of 2/3
ERROR_MIN = 0.89
ERROR_YEARS_MIN = 0.816
# sampled: measures of earlier years beside the headline, measures over all years, organisations for the classes
MEASURES_EARLIER = 2
MEASURES_YEARS = 2
CLASSES_RANDOM = 10
CLASSES_LEAST = 10
CLASSES_FULLEST = 5
# how often a class holds more than this is told and not judged: how likely a class is, is the question of the witness audit
SHARE_TOLD = 0.75
SEED = 20_261_122


def shapes_of(collected, instrument):
    """Everything that numbers of an instrument are taken over, whichever the measure; coding only takes from the reader."""
    found = {shape._replace(coded=()) for (own, _), rows in collected.rows.items() if own == instrument for shape in rows}
    return sorted(found, key=lambda shape: (shape.year, shape.before or 0, sorted(shape.members)))


def matrix(shapes):
    """Rows of weights, and what the columns are: (organisation, year)."""
    rows = [terms(shape)[0] for shape in shapes]
    columns = sorted(set().union(*rows))
    place = {column: at for at, column in enumerate(columns)}
    weights = np.zeros((len(rows), len(columns)))
    for at, row in enumerate(rows):
        for column, weight in row.items():
            weights[at, place[column]] = weight
    return weights, columns


def bounds(collected, instrument, indicator, wanted):
    """Rows of a measure as (weights, low, high)."""
    rows = []
    for shape, (low, high) in collected.rows[(instrument, indicator)].items():
        weights, constant = terms(shape)
        if wanted(shape) and weights:
            rows.append((weights, low - constant, high - constant))
    return rows


def means_of(year):
    """Which rows speak of a year alone."""
    return lambda shape: shape.year == year and shape.before is None


def years_of(collected):
    """Years with means, by instrument."""
    years = defaultdict(set)
    for (instrument, _), rows in collected.rows.items():
        years[instrument] |= {shape.year for shape in rows if shape.before is None}
    return {instrument: sorted(own) for instrument, own in sorted(years.items())}


def judge_within(collected, years):
    """Effective anonymity within each year: (instrument, year) -> columns and their k_eff."""
    found = {}
    for instrument, own in years.items():
        shapes = shapes_of(collected, instrument)
        for year in own:
            weights, columns = matrix([shape for shape in shapes if means_of(year)(shape)])
            told = np.linalg.pinv(weights, rcond=NOTHING) @ weights
            k_eff = effective(np.eye(len(columns)) - told, INSIDERS)
            if k_eff.min() < WITHIN_YEAR_MIN - 1e-6:
                who = columns[k_eff.argmin()][0]
                below = int((k_eff < WITHIN_YEAR_MIN - 1e-6).sum())
                fail(JUDGE, f"{instrument} {year}: {who} keeps {k_eff.min():.3f} with an insider; {below} lie below {WITHIN_YEAR_MIN:g}")
            found[(instrument, year)] = columns, k_eff, weights
    return found


def judge_years(collected, years):
    """Effective anonymity over all years and editions: instrument -> least."""
    least = {}
    for instrument, own in years.items():
        rows = [[(*column, weight) for column, weight in terms(shape)[0].items()] for shape in shapes_of(collected, instrument)]
        columns = sorted({organisation for row in rows for organisation, _, _ in row})
        told = {(organisation, year) for row in rows for organisation, year, _ in row}
        hidden = np.array([[(one, year) not in told for year in own] for one in columns])
        k_eff = np.where(hidden, np.inf, over_years(rows, columns, own, RHO, len(collected.measures[instrument])))
        if k_eff.min() < OVER_YEARS_MIN - 1e-6:
            at, year = np.unravel_index(k_eff.argmin(), k_eff.shape)
            fail(JUDGE, f"{instrument}: {columns[at]} keeps {k_eff.min():.3f} in {own[year]} over all years")
        least[instrument] = k_eff.min()
    return least


def demand_width(found, what):
    """Ends the judge where a result can be told to less than the promised width."""
    width, column, (low, high) = found
    if width < WIDTH_MIN - 1e-6:
        fail(JUDGE, f"{what}: {column[0]} in {column[1]} must lie between {low:.2f} and {high:.2f}, and {WIDTH_MIN:g} points are promised")
    return width


def judge_intervals(collected, years, kept):
    """Least width of any interval from one year's means: every measure of the last year, some of those before."""
    chance, least, number, programmes = random.Random(SEED), np.inf, 0, 0
    for instrument, own in years.items():
        headline = collected.headline.get(instrument)
        everything = sorted(collected.measures[instrument])
        for year in own:
            some = chance.sample(everything, min(MEASURES_EARLIER, len(everything)))
            for indicator in everything if year == own[-1] else sorted({*some, headline} - {None}):
                rows = bounds(collected, instrument, indicator, means_of(year))
                if not rows:
                    continue
                narrowing = Narrowing(rows, f"{instrument} {indicator} {year}")
                found, looked_at = narrowest(narrowing, narrowing.class_of)
                least = min(least, demand_width(found, f"{instrument} {indicator}"))
                number, programmes = number + len(narrowing.class_of), programmes + narrowing.programmes
                if indicator == headline:
                    kept[(instrument, year)] = narrowing
    return least, number, programmes


def came_or_went(columns, years):
    """Those of (organisation, year) before or after which the organisation does not count, although others do."""
    present = set(columns)
    neighbours = [year for pair in zip(years, years[1:]) for year in (pair, pair[::-1])]
    return sorted(
        {(one, year) for one, year in present for here, there in neighbours if here == year and (one, there) not in present}
    )


def judge_coming_and_going(collected, years, kept):
    """Least width of the intervals of those who came or went, from all years' means and matched changes together."""
    chance, least, number, programmes = random.Random(SEED), np.inf, 0, 0
    for instrument, own in years.items():
        headline = collected.headline.get(instrument)
        others = sorted(collected.measures[instrument] - {headline})
        for indicator in [headline, *chance.sample(others, min(MEASURES_YEARS, len(others)))]:
            if indicator is None:
                continue
            narrowing = Narrowing(bounds(collected, instrument, indicator, lambda shape: True), f"{instrument} {indicator}, all years")
            wanted = came_or_went(narrowing.class_of, own)
            if wanted:
                found, _ = narrowest(narrowing, wanted)
                least = min(least, demand_width(found, f"{instrument} {indicator}, all years"))
            number, programmes = number + len(wanted), programmes + narrowing.programmes
            if indicator == headline:
                kept[(instrument, None)] = narrowing
    return least, number, programmes


def judge_guesses(collected, within):
    """Least error of a reader's guesses in units of the prior's deviation: alone, with an insider, over all years."""
    alone, insider, over = np.inf, np.inf, np.inf
    for seed, ((instrument, year), (columns, _, weights)) in enumerate(within.items()):
        errors, errors_insider = errors_within(weights, seed)
        alone, insider = min(alone, errors.min()), min(insider, errors_insider.min())
        if errors_insider.min() < ERROR_MIN * (1 - tolerance(DRAWS)):
            who = columns[errors_insider.argmin()][0]
            fail(JUDGE, f"{instrument} {year}: a reader with an insider guesses {who} to {errors_insider.min():.4f} of the prior's deviation")
    for seed, instrument in enumerate(sorted({instrument for instrument, _ in within})):
        weights, columns = matrix(shapes_of(collected, instrument))
        errors = errors_over_years(weights, columns, RHO, 1_000 + seed)
        over = min(over, errors.min())
        if errors.min() < ERROR_YEARS_MIN * (1 - tolerance(DRAWS_YEARS)):
            who = columns[errors.argmin()]
            fail(JUDGE, f"{instrument}: a reader of all years guesses {who} to {errors.min():.4f} of the prior's deviation")
    return alone, insider, over


def fullest(collected):
    """Histograms by the share of their fullest class, greatest first: (share, instrument, indicator, year, members)."""
    found = []
    for (instrument, indicator, year), own in collected.histograms.items():
        for members, counts in own.items():
            share = max(counts.values()) / len(members)
            found.append((share, instrument, indicator, year, sorted(members)))
    return sorted(found, key=lambda one: (-one[0], *one[1:]))


def sampled_for_classes(collected, years, within):
    """Whose classes are looked at: in headlines of the last years those with the least anonymity and random ones, and in any measure and year members of the fullest classes' histograms."""
    chance, everybody, least = random.Random(SEED), [], []
    for instrument, own in years.items():
        if instrument in collected.headline:
            columns, k_eff, _ = within[(instrument, own[-1])]
            everybody += [(instrument, collected.headline[instrument], column) for column in columns]
            least += [(k_eff[at], instrument, collected.headline[instrument], column) for at, column in enumerate(columns)]
    chosen = {tuple(own) for _, *own in sorted(least)[:CLASSES_LEAST]}
    rest = sorted(set(everybody) - chosen)
    chosen |= set(chance.sample(rest, min(CLASSES_RANDOM, len(rest))))
    for _, instrument, indicator, year, members in fullest(collected)[:CLASSES_FULLEST]:
        chosen.add((instrument, indicator, (chance.choice(members), year)))
    return sorted(chosen)


def classes_of(collected, edition, instrument, indicator, target, insider=None):
    """Classes and width that are left to an organisation by means and histograms of its year, and by an insider's own result."""
    rows = bounds(collected, instrument, indicator, means_of(target[1]))
    if insider:
        other, value = insider
        rows.append(({other: 1.0}, value, value))
    histograms = histograms_of(collected, instrument, indicator, target[1])
    possible, low, high = possible_classes(rows, histograms, target, edition.policy["histogram_step"])
    what = f"{instrument} {indicator}, with histograms" + (f" and the result of {insider[0][0]}" if insider else "")
    if len(possible) < CLASSES_MIN:
        fail(JUDGE, f"{what}: only class {possible} is possible for {target[0]} in {target[1]}")
    demand_width((high - low, target, (low, high)), what)
    return possible, high - low


def histograms_of(collected, instrument, indicator, year):
    """Histograms of a measure in a year: members as (organisation, year) -> counts."""
    known = collected.histograms.get((instrument, indicator, year), {})
    return {frozenset((member, year) for member in members): counts for members, counts in known.items()}


def judge_classes(collected, edition, sample):
    """The classes that are left to each sampled organisation, the fewest of them, and the least width."""
    found = [classes_of(collected, edition, *own) for own in sample]
    possible = [own for own, _ in found]
    return possible, min(map(len, possible)), min(width for _, width in found)


# ---- the only part that opens the private store ----


def truth_of(given):
    """Scores as they are: (instrument, measure) -> (organisation, year) -> score."""
    from scored import score

    stores = open_stores(JUDGE, given)
    score(stores)
    rows = stores.connection.execute("select instrument, measure, organisation, year, score / 1e6 from scores").fetchall()
    truth = defaultdict(dict)
    for instrument, measure, organisation, year, value in rows:
        truth[(instrument, measure)][(organisation, year)] = value
    return truth


def told_of(limits):
    """The number that is published for a row; of a coded one the end."""
    low, high = limits
    return high if low == 0.0 else low if high == 100.0 else (low + high) / 2


def compare_guesses(collected, years, truth):
    """Real errors of the guesses in units of the sector's real deviation, by instrument for the last year's headline."""
    said = []
    for instrument, own in years.items():
        indicator = collected.headline.get(instrument)
        if indicator is None:
            continue
        rows = {shape: limits for shape, limits in collected.rows[(instrument, indicator)].items() if means_of(own[-1])(shape)}
        weights, columns = matrix([shape._replace(coded=()) for shape in rows])
        true = np.array([truth[(instrument, indicator)][column] for column in columns])
        sectors = np.array([collected.sector[organisation] for organisation, _ in columns])
        mean, deviation = np.zeros(len(columns)), np.zeros(len(columns))
        for name in set(sectors):
            mean[sectors == name], deviation[sectors == name] = true[sectors == name].mean(), true[sectors == name].std()
        wrong = guess(weights, np.array([told_of(limits) for limits in rows.values()]), mean, deviation) - true
        error, near = np.sqrt(((wrong / deviation) ** 2).mean()), (np.abs(wrong) < 1.0).mean()
        said.append(f"{error:.3f} of the real deviation in {instrument} ({near:.1%} of them by less than a point)")
    return said


def judge_insiders(collected, edition, sample, truth):
    """Fewest classes and least width where a reader knows in addition the true result of a random member of the same block."""
    chance, found = random.Random(SEED), []
    for instrument, indicator, target in sample:
        histograms = histograms_of(collected, instrument, indicator, target[1])
        around = sorted((members for members in histograms if target in members), key=len)
        if around:
            other = chance.choice(sorted(around[0] - {target}))
            insider = other, truth[(instrument, indicator)][other]
            found.append(classes_of(collected, edition, instrument, indicator, target, insider))
    return min(len(possible) for possible, _ in found), min(width for _, width in found)


def compare_with_truth(given, edition, collected, years, narrowings, sample, classes):
    """How good guesses really are, after showing that the truth fits every row and class, without which nothing would be proved."""
    truth, step = truth_of(given), edition.policy["histogram_step"]
    for (instrument, _), narrowing in narrowings.items():
        true = truth[(instrument, collected.headline[instrument])]
        for weights, low, high in narrowing.rows:
            value = sum(weight * true[column] for column, weight in weights.items())
            if not low - 1e-5 <= value <= high + 1e-5:
                fail(JUDGE, f"{narrowing.what}: the truth gives {value:.6f} for a row from {low} to {high}; the judge's rows are wrong")
    for (instrument, indicator, target), possible in zip(sample, classes):
        true = truth[(instrument, indicator)][target]
        if min(int(true // step), int(100 // step) - 1) not in possible:
            fail(JUDGE, f"{instrument} {target}: the true class was held to be impossible; the judge is wrong")
    return compare_guesses(collected, years, truth), judge_insiders(collected, edition, sample, truth)


# ---- the whole ----


def parse():
    """The arguments: as of every judge, and a server's address or the program that serves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--private", type=Path, help="folder of the private store; without it nothing is compared with the truth")
    parser.add_argument("--public", type=Path, required=True, help="folder of the public store")
    parser.add_argument("--schemas", type=Path, help="folder of the definitions, needed with --private")
    parser.add_argument("--register", type=Path, help="folder of the register, needed with --private")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--url", help="address of a running server over the public store, such as http://127.0.0.1:8080")
    where.add_argument("--mognad", type=Path, help="the program, to start a server with")
    return parser.parse_args()


def main():
    """Judges everything that is public of a store."""
    given, began = parse(), time.monotonic()

    def say(text):
        print(f"{JUDGE}: {text} [{time.monotonic() - began:.0f} s]", flush=True)

    collected, edition = collect_files(given.public)
    if given.url:
        collect_responses(collected, edition, given.url)
    else:
        with serving(JUDGE, given.mognad, given.public) as address:
            collect_responses(collected, edition, address)
    years = years_of(collected)
    numbers = ", ".join(f"{name} {count}" for name, count in sorted(collected.handled.items()) if count)
    say(f"every number of the files and of {collected.responses} responses is known: {numbers}")

    within = judge_within(collected, years)
    least = min(k_eff.min() for _, k_eff, _ in within.values())
    over = judge_years(collected, years)
    say(f"effective anonymity at least {least:.3f} within a year with an insider, {min(over.values()):.3f} over all years")

    narrowings = {}
    width, number, programmes = judge_intervals(collected, years, narrowings)
    say(f"{number} results from one year's means: every interval at least {width:.1f} points wide ({programmes} programmes)")
    width, number, programmes = judge_coming_and_going(collected, years, narrowings)
    say(f"{number} results of those who came or went, all years together: at least {width:.1f} points wide ({programmes} programmes)")

    alone, insider, over = judge_guesses(collected, within)
    say(
        f"best guesses miss by at least {alone:.4f} of the prior's deviation, {insider:.4f} with the worst insider ({DRAWS} draws,"
        f" tolerance {tolerance(DRAWS):.2%}), {over:.4f} from all years ({DRAWS_YEARS} draws, tolerance {tolerance(DRAWS_YEARS):.2%})"
    )

    sample = sampled_for_classes(collected, years, within)
    classes, fewest, width = judge_classes(collected, edition, sample)
    shares = [share for share, *_ in fullest(collected)]
    say(
        f"{len(sample)} sampled results: at least {fewest} classes and {width:.1f} points are possible with histograms; the fullest class"
        f" holds {shares[0]:.1%} of its group, and {sum(share > SHARE_TOLD for share in shares)} of {len(shares)} more than {SHARE_TOLD:.0%}"
    )

    if given.private:
        said, (fewest, width) = compare_with_truth(given, edition, collected, years, narrowings, sample, classes)
        say(f"the truth fits all rows and classes; a guess of the last year really misses by {', '.join(said)}")
        say(f"with a true result of the same block known, at least {fewest} classes and {width:.1f} points are possible")
    print(f"{JUDGE}: ok")


if __name__ == "__main__":
    main()
