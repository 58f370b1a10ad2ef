"""Narrows down with HiGHS what an organisation's result can be: intervals by linear programmes over rounded means, classes by mixed-integer ones over histograms as well."""

from collections import defaultdict
from types import SimpleNamespace

import highspy
import numpy as np

from opened import fail

JUDGE = "published"
HIGHEST = 100.0
# scores are whole millionths, so that a class ends this far below the next
GRAIN = 1e-6
# a programme that is not decided within this time counts as one that found nothing
PATIENCE_S = 20.0


def alike(columns):
    """Columns that no row tells apart, by what the rows say of them: a list of lists."""
    classes = defaultdict(list)
    for column, said in columns.items():
        classes[tuple(said)].append(column)
    return [sorted(own) for own in classes.values()]


def by_column(rows):
    """What each row of (weights, low, high) says of every column."""
    columns = defaultdict(list)
    for at, (weights, _, _) in enumerate(rows):
        for column, weight in weights.items():
            columns[column].append((at, round(weight, 13)))
    return columns


def programme(rows, uppers, lowers=None):
    """A HiGHS model of rows as (dictionary of variable -> weight, low, high)."""
    infinite = highspy.kHighsInf
    entries = defaultdict(list)
    for at, (weights, _, _) in enumerate(rows):
        for variable, weight in weights.items():
            entries[variable].append((at, weight))
    number = len(uppers)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = number, len(rows)
    model.col_cost_ = np.zeros(number)
    model.col_lower_ = np.zeros(number) if lowers is None else np.array(lowers, dtype=float)
    model.col_upper_ = np.array(uppers, dtype=float)
    model.row_lower_ = np.array([-infinite if low is None else low for _, low, _ in rows], dtype=float)
    model.row_upper_ = np.array([infinite if high is None else high for _, _, high in rows], dtype=float)
    own = [entries[variable] for variable in range(number)]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.cumsum([0] + [len(one) for one in own]).astype(np.int32)
    model.a_matrix_.index_ = np.array([at for one in own for at, _ in one], dtype=np.int32)
    model.a_matrix_.value_ = np.array([weight for one in own for _, weight in one], dtype=float)
    return model


def solver(model, integers=()):
    """HiGHS, silent, with one thread so that a run can be repeated."""
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
        highs.setOptionValue(option, value)
    highs.passModel(model)
    for variable in integers:
        highs.changeColIntegrality(variable, highspy.HighsVarType.kInteger)
    return highs


class Narrowing:
    """The results that fit a set of rows. Organisations that no row tells apart are one variable, their sum."""

    def __init__(self, rows, what):
        self.rows = rows
        self.classes = alike(by_column(rows))
        self.what = what
        self.class_of = {column: at for at, own in enumerate(self.classes) for column in own}
        self.sizes = np.array([len(own) for own in self.classes], dtype=float)
        together = [(self.weights(weights), low, high) for weights, low, high in rows]
        self.highs = solver(programme(together, HIGHEST * self.sizes))
        # only the objective changes from one programme to the next, so that the last solution is a start
        self.highs.setOptionValue("presolve", "off")
        self.highs.setOptionValue("simplex_strategy", 4)
        self.least = np.full(len(self.classes), np.inf)
        self.most = np.full(len(self.classes), -np.inf)
        self.programmes = 0
        self.solve()

    def weights(self, weights):
        """Of the columns of a class, which all have the same weight, that of their sum."""
        return {self.class_of[column]: weight for column, weight in weights.items()}

    def solve(self):
        """Runs HiGHS and keeps how far each class's sum got."""
        self.highs.run()
        self.programmes += 1
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            fail(JUDGE, f"{self.what}: no results at all fit what is published; the rows are wrong, or numbers were corrected")
        found = np.array(self.highs.getSolution().col_value)
        np.minimum(self.least, found, out=self.least)
        np.maximum(self.most, found, out=self.most)

    def interval(self, column):
        """The least and the most that an organisation's result can be."""
        at = self.class_of[column]
        others = HIGHEST * (self.sizes[at] - 1)
        for sense, done in (
            (highspy.ObjSense.kMinimize, lambda: self.least[at] <= others),
            (highspy.ObjSense.kMaximize, lambda: self.most[at] >= HIGHEST),
        ):
            # a solution that already reaches the end of the scale cannot be surpassed
            if not done():
                self.highs.changeObjectiveSense(sense)
                self.highs.changeColCost(at, 1.0)
                self.solve()
                self.highs.changeColCost(at, 0.0)
        return max(0.0, self.least[at] - others), min(HIGHEST, self.most[at])


def narrowest(narrowing, columns):
    """The narrowest interval among columns, with whose it is; organisations that are alike are looked at once."""
    worst, seen = (np.inf, None, None), set()
    for column in columns:
        at = narrowing.class_of[column]
        if at not in seen:
            seen.add(at)
            low, high = narrowing.interval(column)
            worst = min(worst, (high - low, column, (low, high)), key=lambda one: one[0])
    return worst, len(seen)


def classes_model(rows, histograms, target, step):
    """The mixed-integer programme of one organisation: its class and value among all that fit means and histograms.

    Organisations that nothing tells apart are counted: of each set, how many are in each class, and what their values add up to.
    """
    columns = by_column(rows)
    for at, members in enumerate(histograms):
        for member in members:
            columns[member].append(("histogram", at))
    columns[target].append("target")
    sets = alike(columns)
    places = int(HIGHEST // step)
    uppers, integers, at_count, at_sum, made = [], [], {}, {}, []
    for at, own in enumerate(sets):
        around = [counts for members, counts in histograms.items() if own[0] in members]
        for place in range(places):
            most = min([len(own), *(counts.get(place, 0) for counts in around)])
            if not most:
                continue
            count, total = len(uppers), len(uppers) + 1
            at_count[(at, place)], at_sum[(at, place)] = count, total
            uppers += [most, HIGHEST * most]
            integers.append(count)
            end = HIGHEST if place == places - 1 else (place + 1) * step - GRAIN
            made.append(({total: 1.0, count: -float(place * step)}, 0.0, None))
            made.append(({total: 1.0, count: -end}, None, 0.0))
        mine = {at_count[(at, place)]: 1.0 for place in range(places) if (at, place) in at_count}
        made.append((mine, len(own), len(own)))
    set_of = {column: at for at, own in enumerate(sets) for column in own}
    for weights, low, high in rows:
        per_set = {set_of[column]: weight for column, weight in weights.items()}
        made.append(({variable: per_set[at] for (at, _), variable in at_sum.items() if at in per_set}, low, high))
    for members, counts in histograms.items():
        within = {set_of[member] for member in members}
        for place in range(places):
            shared = {variable: 1.0 for (at, own), variable in at_count.items() if own == place and at in within}
            made.append((shared, counts.get(place, 0), counts.get(place, 0)))
    mine = set_of[target]
    return SimpleNamespace(
        model=programme(made, uppers),
        integers=integers,
        counts={place: variable for (at, place), variable in at_count.items() if at == mine},
        sums=[variable for (at, _), variable in at_sum.items() if at == mine],
    )


def attempt(highs):
    """Values of the best solution found, or none."""
    highs.setOptionValue("time_limit", highs.getRunTime() + PATIENCE_S)
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return np.array(highs.getSolution().col_value)


def possible_classes(rows, histograms, target, step):
    """Classes in which an organisation can be, and the values between which solutions were found."""
    problem = classes_model(rows, histograms, target, step)
    highs = solver(problem.model, problem.integers)
    possible, values = set(), []

    def keep(found):
        if found is not None:
            values.append(sum(found[variable] for variable in problem.sums))
            possible.update(place for place, variable in problem.counts.items() if found[variable] > 0.5)

    for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
        highs.changeObjectiveSense(sense)
        for variable in problem.sums:
            highs.changeColCost(variable, 1.0)
        keep(attempt(highs))
    for variable in problem.sums:
        highs.changeColCost(variable, 0.0)
    for place, variable in sorted(problem.counts.items()):
        if place not in possible:
            highs.changeColBounds(variable, 1.0, 1.0)
            keep(attempt(highs))
            highs.changeColBounds(variable, 0.0, 1.0)
    if not values:
        fail(JUDGE, f"{target}: no results at all fit means and histograms within {PATIENCE_S:g} seconds")
    return possible, min(values), max(values)
