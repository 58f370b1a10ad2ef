"""Handlers of what is not a group's figure: comparisons, which have to follow from published cells, and answers by role, of which only counts can be judged."""

import re
from fractions import Fraction

from handled import JUDGE, NOTHING, cell_of, half_even, whole
from opened import fail


def part_sizes(row):
    """The blocks of a comparison: (block, members of the set in it, organisations in it), as the row tells them."""
    parts = re.findall(r"(\S+)=(\d+)/(\d+)", row["blocks"] or "")
    return [(block, int(members), int(size)) for block, members, size in parts]


def mixed(row, of_block):
    """The mean of a number of each block, weighted with its share of the set."""
    parts = part_sizes(row)
    total = sum(members for _, members, _ in parts)
    return sum(Fraction(members, total) * of_block(block) for block, members, _ in parts)


def peers(edition, _, row, value):
    """The set that a comparison is about: its size, and its division among blocks, which memberships tell."""
    own = frozenset(row["members"].split())
    blocks = edition.blocks.get((row["instrument"], row["year"]), {})
    again = {block: (len(own & members), len(members)) for block, members in blocks.items() if own & members}
    said = {block: sizes for block, *sizes in part_sizes(row)}
    if value != len(own) or {block: list(sizes) for block, sizes in again.items()} != said:
        fail(JUDGE, f"{row['instrument']} {row['year']}: peers are divided as {said}, and by their memberships as {again}")


def counts_of(edition, row, group):
    """The published histogram of a group in a comparison's measure and year, as shares."""
    own = edition.histograms.get((row["instrument"], row["indicator"], group, row["year"]))
    total = sum(own.values()) if own else 0
    return [Fraction(own.get(place, 0), total) for place in range(100 // edition.policy["histogram_step"])] if total else None


def shares_of(edition, row):
    """The distribution of a comparison, from published histograms alone."""
    exact = counts_of(edition, row, row["group_id"]) if row["group_id"] else None
    if exact:
        return exact
    parts = {block: counts_of(edition, row, block) for block, _, _ in part_sizes(row)}
    if not parts or None in parts.values():
        return None
    return [mixed(row, lambda block, at=at: parts[block][at]) for at in range(100 // edition.policy["histogram_step"])]


def peers_mean(edition, _, row, value):
    """A comparison's mean: that of the published group, or of its blocks' published means, and nothing finer."""
    told = {(own["group_id"]): own for own in edition.shown[(row["instrument"], row["indicator"], row["year"])]}
    if row["group_id"]:
        again = told[row["group_id"]]["mean"]
    else:
        again = half_even(mixed(row, lambda block: told[block]["mean"]))
    if value != again:
        fail(JUDGE, f"{cell_of(row)}: the mean of peers is {value}, and {again} follows from published means")


def peers_share(place):
    """A handler that demands a share, in tenths of a per cent, of the distribution."""

    def read(edition, _, row, value):
        shares = shares_of(edition, row)
        if shares is None or abs(value - float(shares[place // edition.policy["histogram_step"]]) * 100) > 0.05 + NOTHING:
            fail(JUDGE, f"{cell_of(row)}: a share of {value} does not follow from published histograms")

    return read


def peers_quantile(quarter):
    """A handler that demands a quantile of the distribution."""

    def read(edition, _, row, value):
        width, step, before = edition.policy["histogram_step"], edition.policy["quantile_step"], Fraction(0)
        for place, share in enumerate(shares_of(edition, row) or ()):
            if share and before + share >= Fraction(quarter, 4):
                again = half_even(width * (place + (Fraction(quarter, 4) - before) / share) / step) * step
                if value == again:
                    return
                break
            before += share
        fail(JUDGE, f"{cell_of(row)}: the peers' quantile {value} does not follow from published histograms")

    return read


def peers_position(kind):
    """A handler that demands the share of peers below a hypothetical value, of the distribution alone."""

    def read(edition, _, row, value):
        width, shares = edition.policy["histogram_step"], shares_of(edition, row) or ()
        place = min(int(row["value"] // width), len(shares) - 1)
        below = float(sum(shares[:place])) * 100
        own = float(shares[place]) * 100
        again = {"from": below, "to": below + own, "below": below + own * (row["value"] - place * width) / width}[kind]
        if abs(value - again) > (2.5 if kind == "below" else 0.5) + NOTHING:
            fail(JUDGE, f"{cell_of(row)}: {value} per cent below {row['value']} does not follow from published histograms")

    return read


def effective_number(edition, _, row, value):
    """How many results the mean is made of, by the sizes of blocks; all of the peers where they are a group or whole blocks."""
    parts = part_sizes(row)
    total = sum(members for _, members, _ in parts)
    exact = row["group_id"] or all(members == size for _, members, size in parts)
    again = total if exact else 1 / sum((members / total) ** 2 / size for _, members, size in parts)
    if abs(value - again) > 0.05 + NOTHING:
        fail(JUDGE, f"{cell_of(row)}: {value} results in effect, and {again} by the sizes of blocks")


def expected_error(edition, _, row, value):
    """The error of a mixture, by the sizes of blocks and the published spread within them."""
    parts = part_sizes(row)
    total = sum(members for _, members, _ in parts)
    within = edition.spread[(row["instrument"], row["indicator"], row["year"])]
    again = within * sum((members / total) ** 2 * (1 - members / size) / members for _, members, size in parts) ** 0.5
    if abs(value - again) > 0.05 + NOTHING:
        fail(JUDGE, f"{cell_of(row)}: the expected error {value}, and {again} by the published spread")


def peers_target(edition, _, row, value):
    """The published target of the whole public sector in a measure, which is no secret."""
    known = {own["to_value"] for own in edition.tables["targets"]
             if (own["instrument"], own["indicator"], own["group_id"]) == (row["instrument"], row["indicator"], "all")}
    if value not in known:
        fail(JUDGE, f"{cell_of(row)}: {value} is no published target")


def peers_gap(_, __, row, value):
    """What the shown mean lacks of the target."""
    if value != row["target_value"] - row["mean"]:
        fail(JUDGE, f"{cell_of(row)}: the gap {value} is no difference of target and mean")


def asked(*_):
    """A number that the request brought along."""


def answers_mean(edition, collected, row, value):
    """A question's mean for a role in a group. Who has the role is not told, so that only what is left beside the parts can be judged."""
    if whole(value) % edition.policy["mean_step"]:
        fail(JUDGE, f"{row['question']} {row['role']} {row['group_id']} {row['year']}: {value} is no multiple of the step")
    collected.answers[(row["instrument"], row["question"], row["role"], row["year"])][row["group_id"]] = row["organisations"]


def answers_organisations(edition, _, row, value):
    """How many organisations have the role: not few, and not more than the group has."""
    members = edition.members.get((row["instrument"], row["group_id"], row["year"]), ())
    if value < edition.policy["min_organisations_answers"] or value > len(members):
        fail(JUDGE, f"{row['question']} {row['role']} {row['group_id']} {row['year']}: {value} organisations of {len(members)}")


def judge_answers(edition, collected, least):
    """Ends the judge where a whole sector less its main groups leaves few organisations that have a role."""
    sector = {row["group_id"]: row["sector"] for row in edition.tables["groups"]}
    for place, shown in collected.answers.items():
        for whole_group, number in shown.items():
            if not whole_group.startswith("sector:"):
                continue
            parts = sum(count for group, count in shown.items() if group != whole_group and sector[group] == sector[whole_group])
            left = number - parts
            if left < 0 or 0 < left < least:
                fail(JUDGE, f"{place} {whole_group}: {left} organisations are left beside the main groups")
