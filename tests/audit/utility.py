"""Measures how much a release tells municipalities, against the truth in the private store: errors of peers' means, quartiles and positions, likeness of blocks, and what is left out. Whether figures are right or safe is for the other judges."""

import argparse
import csv
import json
import os
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from harder import with_policy
from opened import fail, open_stores, read_register
from scored import score

# what is expected
ERROR_MAX = 3.5
SPREAD = 10.0
EVERYBODY = 290
BLOCKS_MIN = 16
COUNTIES_MIN = 7

SECTOR = "municipality"
SIZES = (12, 8)
QUARTERS = (0.25, 0.5, 0.75)
KOLADA_NEAREST = 7
# sets that are not the nearest are drawn, so often for each organisation
DRAWS = 20
SEED = 1

# surveys for the question of participation: which, how many take part, what share of them comes back, how often drawn
INSTRUMENT = "digital-maturity"
YEARS = range(2016, 2021)
SCENARIOS = [(EVERYBODY, 1.0, 1)] + [(number, share, 2) for number in (EVERYBODY, 200) for share in (0.98, 0.95, 0.90)]
# the least that a policy can ask of the gates; then only the number of members decides
LOOSEST = {"k_eff_min": 3, "k_eff_min_years": 2, "insiders": 0}


def arguments():
    """The stores, as for every judge, and what only this one takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--private", type=Path, required=True, help="folder of the private store")
    parser.add_argument("--public", type=Path, required=True, help="folder of the public store")
    parser.add_argument("--schemas", type=Path, required=True, help="folder of the definitions")
    parser.add_argument("--register", type=Path, help="folder of the register (beside the definitions unless given)")
    parser.add_argument("--kolada", type=Path, metavar="FILE", help="Kolada's groups of similar municipalities, to compare with")
    parser.add_argument(
        "--participation", type=Path, metavar="MOGNAD",
        help="the program; surveys of 290 and 200 municipalities are published with it as well, which takes two to four minutes",
    )
    parser.add_argument("--markdown", action="store_true", help="print tables for a README")
    given = parser.parse_args()
    given.register = given.register or given.schemas.parent / "data-samples" / "register"
    return given


def root_mean_square(errors):
    """Root of the mean square over the first axis."""
    return np.sqrt(np.mean(np.square(errors), axis=0))


def table(title, header, rows):
    """A table to print; cells are texts or numbers."""
    return SimpleNamespace(title=title, header=header, rows=rows)


def written(cell):
    """A cell as text; numbers with two decimals."""
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def show(tables, markdown):
    """Prints the tables."""
    for own in tables:
        rows = [own.header, *([written(cell) for cell in row] for row in own.rows)]
        if markdown:
            rows.insert(1, ["---"] + ["---:"] * (len(own.header) - 1))
            print(f"**{own.title}**\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n")
        else:
            widths = [max(map(len, column)) for column in zip(*rows)]
            print(own.title)
            for first, *others in rows:
                aligned = [cell.rjust(width) for cell, width in zip(others, widths[1:])]
                print("  " + "  ".join([first.ljust(widths[0]), *aligned]).rstrip())
            print()


# The municipalities and what is published about them


def read_municipalities(given):
    """Every municipality of the register: county, SKR group and standardised structure variables."""
    rule = tomllib.loads((given.schemas / "grouping" / f"similarity-{SECTOR}.toml").read_text("utf-8"))["rule"]
    county = {row["id"]: row["county"] for row in read_register(given.register, "organisations") if row["kind"] == SECTOR}
    group = {
        row["organisation"]: row["code"]
        for row in read_register(given.register, "memberships")
        if (row["classification"], row["version"]) == ("skr-group", rule["version"])
    }
    structure = {
        row["organisation"]: row for row in read_register(given.register, "structure") if int(row["year"]) == rule["year"]
    }
    ids, columns = sorted(county), []
    for variable in rule["variables"]:
        raw = np.array([float(structure.get(one, {}).get(variable["name"]) or "nan") for one in ids])
        raw = np.log(raw) if variable.get("transform") == "log" else raw
        # one that has no value counts as average
        columns.append(np.nan_to_num((raw - np.nanmean(raw)) / np.nanstd(raw)))
    return SimpleNamespace(
        ids=ids,
        county=county,
        group=group,
        variables=[variable["name"] for variable in rule["variables"]],
        structure=dict(zip(ids, np.array(columns).T)),
    )


def read_groups(connection, instrument, year):
    """The sector's groups that are shown in a year, by id."""
    rows = connection.execute(
        "select g.group_id, g.kind, g.merged_from is not null, list(m.organisation), exists (from published.blocks as b"
        " where b.instrument = g.instrument and b.group_id = g.group_id and b.year = m.year)"
        " from published.groups as g"
        " join published.group_members as m on m.instrument = g.instrument and m.group_id = g.group_id where g.instrument = ? and m.year = ? and g.sector = ? group by g.instrument, g.group_id, g.kind, g.merged_from, m.year",
        [instrument, year, SECTOR],
    ).fetchall()
    return {
        group: SimpleNamespace(kind=kind, joined=joined, members=frozenset(members), distribution=distribution)
        for group, kind, joined, members, distribution in sorted(rows)
    }


def blocks_of(groups):
    """Ids of the blocks: groups with a distribution within which there is no smaller one; of equal ones the first by name."""
    smallest = {}
    for group, own in groups.items():
        if own.distribution and not any(o.members < own.members for o in groups.values() if o.distribution):
            smallest.setdefault(own.members, group)
    return sorted(smallest.values())


def read_instruments(stores):
    """Each instrument that shows distributions of municipalities, in its latest year."""
    rows = stores.connection.execute(
        "select b.instrument, max(b.year) from published.blocks as b join published.groups as g"
        " on g.instrument = b.instrument and g.group_id = b.group_id where g.sector = ? group by b.instrument order by all",
        [SECTOR],
    ).fetchall()
    if not rows:
        fail("utility", "no distribution of municipalities is shown, so that there is nothing to measure")
    return [read_instrument(stores.connection, instrument, year) for instrument, year in rows]


def read_instrument(connection, instrument, year):
    """What is published of a year, and every participant's own values beside it."""
    measures = [measure for (measure,) in connection.execute(
        "select indicator from published.indicators where instrument = ? order by headline desc, position", [instrument]
    ).fetchall()]
    groups = read_groups(connection, instrument, year)
    ids = sorted(groups[f"sector:{SECTOR}"].members)
    truth = {
        (organisation, measure): points
        for organisation, measure, points in connection.execute(
            "select organisation, measure, score / 1e6 from scores where instrument = ? and year = ?", [instrument, year]
        ).fetchall()
    }
    figures = {
        (group, measure): own
        for group, measure, *own in connection.execute(
            "select group_id, indicator, mean, lower_quartile, median, upper_quartile from published.figures"
            " where instrument = ? and year = ? and status = 'ok'", [instrument, year]
        ).fetchall()
    }
    counts, edges = {}, set()
    for group, measure, low, high, organisations in connection.execute(
        "select group_id, indicator, class_from, class_to, organisations from published.blocks"
        " where instrument = ? and year = ? order by class_from", [instrument, year]
    ).fetchall():
        counts.setdefault((group, measure), []).append(organisations)
        edges |= {low, high}
    blocks = blocks_of(groups)
    block = {organisation: at for at, name in enumerate(blocks) for organisation in groups[name].members}
    if sum(len(groups[name].members) for name in blocks) != len(ids) or block.keys() != set(ids):
        fail("utility", f"{instrument} {year}: the blocks should hold each of {len(ids)} municipalities once, and do not")
    return SimpleNamespace(
        instrument=instrument,
        year=year,
        measures=measures,
        ids=ids,
        groups=groups,
        values=np.array([[truth[(one, measure)] for measure in measures] for one in ids]),
        figures=figures,
        counts={key: np.array(own) for key, own in counts.items()},
        edges=np.array(sorted(edges), dtype=float),
        blocks=blocks,
        block=np.array([block[one] for one in ids]),
        sizes=np.array([len(groups[name].members) for name in blocks]),
    )


# Sets of peers


def nearest(points, number):
    """For each point the positions of the nearest others, nearest first."""
    apart = np.sqrt(np.square(points[:, None, :] - points[None, :, :]).sum(axis=2))
    np.fill_diagonal(apart, np.inf)
    return np.argsort(apart, axis=1, kind="stable")[:, :number]


def similar_sets(own, municipalities, number, _):
    """For each participant the most similar other participants."""
    points = np.array([municipalities.structure[one] for one in own.ids])
    return list(enumerate(nearest(points, number)))


def drawn_sets(pools, number, random):
    """For each participant sets drawn from its pool, where that is large enough."""
    return [
        (at, random.choice(pool, number, replace=False))
        for at, pool in enumerate(pools) if len(pool) >= number
        for _ in range(DRAWS)
    ]


def random_sets(own, _, number, random):
    """For each participant other participants at random."""
    everybody = np.arange(len(own.ids))
    return drawn_sets([np.delete(everybody, at) for at in everybody], number, random)


def county_sets(own, municipalities, number, random):
    """For each participant others of its county at random."""
    county = np.array([municipalities.county[one] for one in own.ids])
    everybody = np.arange(len(own.ids))
    return drawn_sets([everybody[(county == county[at]) & (everybody != at)] for at in everybody], number, random)


PEERS = [("similar", similar_sets), ("random", random_sets), ("same county", county_sets)]


def shares_of_blocks(own, sets):
    """For each set the share of its members in each block."""
    members = np.array([peers for _, peers in sets])
    return np.stack([(own.block[members] == block).mean(axis=1) for block in range(len(own.blocks))], axis=1)


# The block mixture's mean, and its expected error


def within_variances(own):
    """For each measure the variance within each block and pooled over blocks, as anybody reads it from histograms."""
    middles, widths = (own.edges[:-1] + own.edges[1:]) / 2, np.diff(own.edges)
    by_block = np.empty((len(own.blocks), len(own.measures)))
    for row, block in enumerate(own.blocks):
        for column, measure in enumerate(own.measures):
            counts = own.counts[(block, measure)]
            mean = counts @ middles / counts.sum()
            squares = counts @ (np.square(middles - mean) - np.square(widths) / 12)
            by_block[row, column] = squares / (counts.sum() - 1)
    weights = (own.sizes - 1) / (own.sizes - 1).sum()
    # Sheppard's correction can leave less than nothing where a block is nearly within one class
    return np.maximum(by_block, 0), np.maximum(weights @ by_block, 0)


def measure_mixture(own, sets):
    """Per measure: true and expected error of the mixture's mean over sets, pooled variance and each block's own variance."""
    members = np.array([peers for _, peers in sets])
    shares = shares_of_blocks(own, sets)
    published = np.array([[own.figures[(block, measure)][0] for measure in own.measures] for block in own.blocks])
    errors = shares @ published - own.values[members].mean(axis=1)
    inside = shares * members.shape[1]
    # a mean over all of a block has no error, so that it counts less the more of it is in the set
    factors = np.square(shares) / np.maximum(inside, 1) * (1 - inside / own.sizes)
    by_block, pooled = within_variances(own)
    return SimpleNamespace(
        error=root_mean_square(errors),
        expected=np.sqrt(factors.sum(axis=1).mean() * pooled),
        expected_by_block=np.sqrt((factors @ by_block).mean(axis=0)),
    )


def judge_mixtures(instruments, municipalities, random, unmet):
    """Errors of the mixture's mean for sets of peers; similar ones must not err more than expected."""
    errors, expected = [], []
    for own in instruments:
        spread = own.values.std(axis=0, ddof=1)
        for name, choose in PEERS:
            for number in SIZES:
                sets = choose(own, municipalities, number, random)
                if not sets:
                    continue
                found = measure_mixture(own, sets)
                scaled = found.error * SPREAD / spread
                sampling = spread / np.sqrt(number)
                label = f"{own.instrument} {own.year}: {number} {name}"
                organisations = len({at for at, _ in sets})
                errors.append([
                    label, organisations, found.error[0], found.error.mean(), scaled[0], scaled.mean(),
                    spread[0], spread.mean(), sampling[0], sampling.mean(),
                ])
                ratio, ratio_by_block = found.expected / found.error, found.expected_by_block / found.error
                expected.append([
                    label, found.expected[0], found.expected.mean(), ratio[0], ratio.mean(), ratio.min(), ratio.max(),
                    ratio_by_block[0], ratio_by_block.mean(),
                ])
                if name == "similar":
                    for what, value in [("the headline", scaled[0]), ("all measures on average", scaled.mean())]:
                        if value > ERROR_MAX:
                            unmet.append(
                                f"the mixture of {label} should err by at most {ERROR_MAX} points for {what} (at a spread of"
                                f" {SPREAD:.0f}), and errs by {value:.2f}"
                            )
    return [
        table(
            "Mean of the block mixture: root mean square error over organisations, points",
            [
                "peers", "organisations", "headline", "all measures", f"headline at spread {SPREAD:.0f}",
                f"all at spread {SPREAD:.0f}", "spread, headline", "spread, all", "sampling, headline", "sampling, all",
            ],
            errors,
        ),
        table(
            "Error expected from published histograms alone, and its ratio to the true error",
            [
                "peers", "headline", "all measures", "ratio, headline", "ratio, all", "least ratio", "largest ratio",
                "each block's own variance: ratio, headline", "all",
            ],
            expected,
        ),
    ]


# Quartiles and positions


def quantile(counts, edges, share):
    """Where a piecewise linear distribution reaches a share."""
    reached = np.cumsum(counts)
    at = next(at for at, count in enumerate(counts) if count > 0 and reached[at] >= share * reached[-1])
    below = reached[at] - counts[at]
    return edges[at] + (edges[at + 1] - edges[at]) * (share * reached[-1] - below) / counts[at]


def judge_quartiles(instruments):
    """Errors of quartiles, as read from histograms and as published in steps."""
    rows = []
    for own in instruments:
        place = {one: at for at, one in enumerate(own.ids)}
        kinds = {
            "blocks": own.blocks,
            "SKR groups": [group for group, found in own.groups.items() if found.kind == "skr-group"],
            "sector": [f"sector:{SECTOR}"],
        }
        for kind, groups in kinds.items():
            read = np.empty((len(groups), len(own.measures), len(QUARTERS)))
            stepped, exact = np.empty_like(read), np.empty_like(read)
            for row, group in enumerate(groups):
                values = own.values[[place[one] for one in own.groups[group].members]]
                # half of an organisation lies below its value, as in a distribution that is spread over its classes
                exact[row] = np.quantile(values, QUARTERS, axis=0, method="hazen").T
                for column, measure in enumerate(own.measures):
                    counts = own.counts[(group, measure)]
                    read[row, column] = [quantile(counts, own.edges, quarter) for quarter in QUARTERS]
                    stepped[row, column] = own.figures[(group, measure)][1:]
            for what, published in [("read", read), ("published", stepped)]:
                errors = published - exact
                over_all = root_mean_square(errors.reshape(-1, len(QUARTERS)))
                headline = root_mean_square(errors[:, 0])
                label = f"{own.instrument} {own.year}: {kind}, {what}"
                rows.append([label, len(groups), *headline, *over_all, np.abs(errors).max()])
    quarters = ["lower quartile", "median", "upper quartile"]
    header = ["groups", "number", *(f"{q}, headline" for q in quarters), *(f"{q}, all" for q in quarters), "largest"]
    return table("Quartiles read from histograms and as published: root mean square error, points", header, rows)


def judge_positions(instruments, municipalities, random):
    """Errors of each organisation's rank share in its block, and in the mixture of its peers."""
    rows = []
    for own in instruments:
        heights = np.array([
            [np.concatenate([[0], np.cumsum(own.counts[(block, measure)])]) for measure in own.measures] for block in own.blocks
        ])
        heights = heights / heights[:, :, -1:]
        # where each value lies in each block's published distribution
        placed = np.empty((len(own.blocks), *own.values.shape))
        for block in range(len(own.blocks)):
            for column in range(len(own.measures)):
                placed[block, :, column] = np.interp(own.values[:, column], own.edges, heights[block, column])
        everybody = np.arange(len(own.ids))
        cases = [("own block", [(at, everybody[own.block == own.block[at]]) for at in everybody])]
        cases += [(f"{number} {name}", choose(own, municipalities, number, random)) for name, choose in PEERS for number in SIZES]
        for name, sets in cases:
            if not sets:
                continue
            errors = []
            for at, peers in sets:
                shares = np.bincount(own.block[peers], minlength=len(own.blocks)) / len(peers)
                others = own.values[peers]
                exact = (others < own.values[at]).mean(axis=0) + (others == own.values[at]).mean(axis=0) / 2
                errors.append(shares @ placed[:, at, :] - exact)
            errors = 100 * np.array(errors)
            rows.append([
                f"{own.instrument} {own.year}: {name}", root_mean_square(errors)[0], root_mean_square(errors).mean(),
                float(np.quantile(np.abs(errors[:, 0]), 0.9)), float(np.quantile(np.abs(errors), 0.9)),
            ])
    return table(
        "Position of an organisation's own value: error of its rank share, percentage points",
        ["among", "headline", "all measures", "nine of ten within, headline", "nine of ten within, all"],
        rows,
    )


# Likeness of blocks, exact groups, likeness to Kolada


def share_within(values, block):
    """Share of the sum of squares that lies within blocks, for each column."""
    middle = np.array([values[block == at].mean(axis=0) for at in range(block.max() + 1)])
    return np.square(values - middle[block]).sum(axis=0) / np.square(values - values.mean(axis=0)).sum(axis=0)


def judge_likeness(instruments, municipalities):
    """How much of the differences between municipalities lies within blocks, of structure and of scores."""
    columns = []
    for own in instruments:
        structure = share_within(np.array([municipalities.structure[one] for one in own.ids]), own.block)
        scores = share_within(own.values, own.block)
        # what blocks drawn at random would leave within them
        chance = (len(own.ids) - len(own.blocks)) / (len(own.ids) - 1)
        columns.append([len(own.ids), len(own.blocks), *structure, structure.mean(), scores[0], scores.mean(), chance])
    labels = [
        "municipalities", "blocks", *municipalities.variables, "all structure variables", "headline", "all measures",
        "blocks drawn at random",
    ]
    header = ["variance", *(f"{own.instrument} {own.year}" for own in instruments)]
    return table("Share of the variance that lies within blocks", header, [list(row) for row in zip(labels, *columns)])


def exact_shares(ids, groups, blocks, municipalities):
    """Per cent of municipalities whose block is not joined, and whose SKR group and county are shown with just their members."""
    joined = sum(len(groups[block].members) for block in blocks if groups[block].joined)
    shown = {own.members for own in groups.values()}
    shares = [100 * (1 - joined / len(ids))]
    for classes in (municipalities.group, municipalities.county):
        together = {}
        for one in ids:
            together.setdefault(classes[one], set()).add(one)
        shares.append(100 * sum(len(own) for own in together.values() if frozenset(own) in shown) / len(ids))
    return shares


def judge_exactness(instruments, municipalities):
    """What share of the municipalities gets exact answers."""
    columns = [exact_shares(own.ids, own.groups, own.blocks, municipalities) for own in instruments]
    labels = ["block not joined of others", "SKR group", "county"]
    header = ["group", *(f"{own.instrument} {own.year}" for own in instruments)]
    return table("Municipalities whose own group is shown, per cent", header, [list(row) for row in zip(labels, *columns)])


def judge_kolada(path, municipalities):
    """How many of Kolada's similar municipalities are among our nearest, by topic."""
    points = np.array([municipalities.structure[one] for one in municipalities.ids])
    ours = {
        one: {municipalities.ids[at] for at in near} for one, near in zip(municipalities.ids, nearest(points, KOLADA_NEAREST))
    }
    theirs = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one, other = f"{SECTOR}-{row['code']}", f"{SECTOR}-{row['similar_code']}"
            # one of the municipal topics has regions as well
            if one in ours:
                theirs.setdefault((row["topic"], row["year"]), {}).setdefault(one, set()).add(other)
    rows = [
        [
            f"{topic} {year}", len(own), float(np.mean([len(ours[one] & similar) for one, similar in own.items()])),
            float(np.mean([KOLADA_NEAREST * len(similar) / (len(ours) - 1) for similar in own.values()])),
        ]
        for (topic, year), own in theirs.items()
    ]
    rows.sort(key=lambda row: -row[2])
    title = f"Our {KOLADA_NEAREST} nearest among Kolada's {KOLADA_NEAREST} similar municipalities"
    return table(title, ["Kolada's topic", "municipalities", "in common", "by chance"], rows)


# Participation: what is left out


def run(program, *options):
    """Runs the program, and ends the judge where it fails."""
    environment = os.environ | {"MOGNAD_PSEUDONYM_KEY": "ab" * 32}
    done = subprocess.run([program, *map(str, options)], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        fail("utility", f"`mognad {options[0]}` should succeed, and said: {done.stderr.strip()}")


def loosen(schemas, target):
    """A copy of the definitions whose gates ask for the least that the program allows."""
    with_policy(schemas, target / "schemas", LOOSEST)
    return target


def sample_everybody(program, given, folder):
    """Paths by year of survey files in which every municipality takes part."""
    for year in YEARS:
        # each year by itself, since participation rises within a plan
        run(
            program, "sample", "--definitions", given.schemas.parent, "--register", given.register, "--instrument", INSTRUMENT,
            "--years", f"{year}-{year}", "--sectors", SECTOR, "--participation", 1, "--respondents", 12,
            # scores instead of answers: then nobody falls out for having answered too little
            "--form", "organisation-scores", "--to", folder,
        )
    return {year: next(folder.glob(f"{INSTRUMENT}-{year}.*csv")) for year in YEARS}


def turn_over(everybody, number, retention, random):
    """Who takes part in each year: so many at first; then a share of them comes back, and others fill the places."""
    present = set(random.choice(everybody, number, replace=False).tolist())
    yield present
    for _ in list(YEARS)[1:]:
        away = sorted(set(everybody) - present)
        kept = random.choice(sorted(present), round(retention * len(present)), replace=False).tolist()
        back = random.choice(away, min(len(away), number - len(kept)), replace=False).tolist()
        present = {*kept, *back}
        yield present


def keep_participants(survey, participants, target):
    """A survey file without the rows of those who stay away."""
    with open(survey, encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    place = header.index("organisation")
    with open(target, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *(row for row in rows if row[place] in participants)])


def publish(program, given, definitions, surveys, folder, name):
    """Publishes surveys by year together: groups and share of withheld figures by year, and how many cells the gates joined."""
    private, public = folder / "private", folder / name
    options = ["--definitions", definitions, "--register", given.register, "--private", private]
    if not private.exists():
        for year, survey in surveys.items():
            mapping = ["--instrument", INSTRUMENT, "--year", year, "--mapping", "organisation-scores", "--strict"]
            run(program, "ingest", *options, *mapping, survey)
    run(program, "publish", "--without-witnesses", *options, "--public", public)
    where = SimpleNamespace(private=private, public=public, schemas=given.schemas, register=given.register)
    stores = open_stores("utility", where)
    withheld = stores.connection.execute(
        "select year, avg(cast(status = 'withheld' as int)) from published.figures as f join published.groups as g"
        " on g.instrument = f.instrument and g.group_id = f.group_id where g.sector = ? group by year", [SECTOR]
    ).fetchall()
    audit = json.loads(next((private / "audit" / stores.release).glob("*.json")).read_bytes())
    return SimpleNamespace(
        groups={year: read_groups(stores.connection, INSTRUMENT, year) for year in surveys},
        withheld=dict(withheld),
        joined=sum(gate["merges_within"] + gate["merges_years"] for gate in audit["instruments"][INSTRUMENT]["gates"]),
    )


def named_alike(groups):
    """The groups of a year that tell something of their own: partition and members, so that a group's name does not matter."""
    partitions = {"county": "counties", "size": "size bands"}
    return {(partitions.get(own.kind, "blocks and their unions"), own.members) for own in groups.values()}


def of_partition(shown, partition):
    """Number of groups of a partition."""
    return sum(own == partition for own, _ in shown)


def publish_scenario(program, given, loosened, samples, participants, folder):
    """For each year what is shown if the year is published alone, alone with the loosest gates, and together with all years."""
    folder.mkdir(parents=True)
    surveys = {year: folder / f"{year}.csv" for year in YEARS}
    for year, present in zip(YEARS, participants):
        keep_participants(samples[year], present, surveys[year])
    together = publish(program, given, given.schemas.parent, surveys, folder / "together", "public")
    for year, survey in surveys.items():
        alone = publish(program, given, given.schemas.parent, {year: survey}, folder / str(year), "public")
        loose = publish(program, given, loosened, {year: survey}, folder / str(year), "loose")
        yield SimpleNamespace(
            participants=len(alone.groups[year][f"sector:{SECTOR}"].members),
            joined_by_loose=loose.joined,
            loose=named_alike(loose.groups[year]),
            alone=named_alike(alone.groups[year]),
            together=named_alike(together.groups[year]),
            blocks_alone=len(blocks_of(alone.groups[year])),
            blocks=len(blocks_of(together.groups[year])),
            counties_alone=of_partition(named_alike(alone.groups[year]), "counties"),
            counties=of_partition(named_alike(together.groups[year]), "counties"),
            withheld_alone=alone.withheld[year],
            withheld=together.withheld[year],
        )


def within_row(number, years):
    """What the gate within a year leaves out."""
    by_size = sum(len(own.loose) for own in years)
    left_out = sum(len(own.loose - own.alone) for own in years)
    blocks, counties = [own.blocks_alone for own in years], [own.counties_alone for own in years]
    return [
        f"{number} municipalities", len(years), by_size, left_out, 100 * left_out / by_size, min(blocks), float(np.mean(blocks)),
        min(counties), float(np.mean(counties)), 100 * float(np.mean([own.withheld_alone for own in years])),
    ]


def over_row(number, retention, years):
    """What the gate over years leaves to larger groups."""
    alone = sum(len(own.alone) for own in years)
    left = [len(own.alone - own.together) for own in years]
    blocks, counties = [own.blocks for own in years], [own.counties for own in years]
    by_partition = [
        sum(of_partition(own.alone - own.together, partition) for own in years)
        for partition in ("blocks and their unions", "counties", "size bands")
    ]
    return [
        f"{number} municipalities, {retention:.0%} come back", float(np.mean([own.participants for own in years])), len(years),
        alone, sum(left), 100 * sum(left) / alone, *by_partition, min(blocks), float(np.mean(blocks)), min(counties),
        float(np.mean(counties)), 100 * float(np.mean([own.withheld for own in years])),
    ]


def expect_everybody(years, unmet):
    """What has to hold where every municipality takes part every year."""
    when = f"with {EVERYBODY} municipalities in each of {YEARS[0]}-{YEARS[-1]}"
    participants = [own.participants for own in years]
    if set(participants) != {EVERYBODY}:
        fail("utility", f"{EVERYBODY} municipalities should count in each year, and {participants} do")
    left_out = [len(own.loose - own.together) for own in years]
    if any(left_out):
        unmet.append(f"{when} the gates should leave out no group, and leave out {left_out}")
    for what, least, found in [
        ("blocks", BLOCKS_MIN, [own.blocks for own in years]),
        ("county groups", COUNTIES_MIN, [own.counties for own in years]),
    ]:
        if min(found) < least:
            unmet.append(f"{when} there should be at least {least} {what}, and there are {found}")


def judge_participation(program, given, random, unmet):
    """What is left out, by how many take part and how many of them come back."""
    within, over = {}, []
    with tempfile.TemporaryDirectory(prefix="mognad-utility-") as folder:
        folder = Path(folder)
        loosened = loosen(given.schemas, folder / "loosened")
        samples = sample_everybody(program, given, folder / "sample")
        with open(samples[YEARS[0]], encoding="utf-8-sig", newline="") as file:
            everybody = sorted({row["organisation"] for row in csv.DictReader(file)})
        for number, retention, draws in SCENARIOS:
            years = []
            for draw in range(draws):
                participants = turn_over(everybody, number, retention, random)
                own = folder / f"{number}-{retention}-{draw}"
                years += publish_scenario(program, given, loosened, samples, participants, own)
                shutil.rmtree(own)
            if any(own.joined_by_loose for own in years):
                fail("utility", "the loosest gates should join no cells, and do; what is left out cannot be told")
            over.append(over_row(number, retention, years))
            if retention == 1:
                expect_everybody(years, unmet)
            if retention == 1 or number != EVERYBODY:
                within.setdefault(number, []).extend(years)
    return [
        table(
            "Each year published alone: groups left out by the gate within a year",
            [
                "participation", "years", "groups by number of members", "left out", "per cent", "blocks, least", "mean",
                "county groups, least", "mean", "figures withheld, per cent",
            ],
            [within_row(number, years) for number, years in within.items()],
        ),
        table(
            f"{len(YEARS)} years published together: group-years left to larger groups by the gate over years",
            [
                "participation", "on average", "years", "group-years alone", "left", "per cent", "blocks and unions",
                "counties", "size bands", "blocks, least", "mean", "county groups, least", "mean", "figures withheld, per cent",
            ],
            over,
        ),
    ]


def main():
    """Prints all measurements, and fails where one is worse than expected."""
    given = arguments()
    stores = open_stores("utility", given)
    score(stores)
    municipalities = read_municipalities(given)
    instruments = read_instruments(stores)
    random, unmet = np.random.default_rng(SEED), []
    tables = [
        *judge_mixtures(instruments, municipalities, random, unmet),
        judge_quartiles(instruments),
        judge_positions(instruments, municipalities, random),
        judge_likeness(instruments, municipalities),
        judge_exactness(instruments, municipalities),
    ]
    if given.kolada:
        tables.append(judge_kolada(given.kolada, municipalities))
    if given.participation:
        tables += judge_participation(given.participation.resolve(), given, random, unmet)
    show(tables, given.markdown)
    if unmet:
        fail("utility", "\n".join(["not as useful as expected:", *(f"  {line}" for line in unmet)]))
    if not given.markdown:
        print(f"utility: ok, {len(tables)} tables, {len(instruments)} instruments, every expectation met")


if __name__ == "__main__":
    main()
