"""Plays a reader who knows the prior exactly and guesses every organisation's result by the best linear predictor, on results drawn from the prior and published with rounding."""

import numpy as np

from anonymity import NOTHING, PRIOR_SD, ROUNDING

PRIOR_MEAN = 50.0
DRAWS = 100_000
DRAWS_YEARS = 20_000
AT_ONCE = 2_000
# draws need no more digits than this
NUMBER = np.float32
SEED = 20_261_122
# so many standard errors an estimate may fall below what it estimates, the least of some thousands
STANDARD_ERRORS = 4.0


def tolerance(draws):
    """Share by which a root mean square over so many draws may be too small by chance."""
    return STANDARD_ERRORS / np.sqrt(2.0 * draws)


def predictor(rows, covariance):
    """Weights of the best linear predictor of all columns from rounded rows."""
    loads = rows @ covariance
    return np.linalg.solve(loads @ rows.T + ROUNDING * np.eye(len(rows)), loads).T


def errors_of(rows, weights, draws):
    """What a reader's guesses miss by, on standard draws that become results between 0 and 100 and are published in whole per cent.

    Ends are not coded here, which would only take from the reader.
    """
    results = draws
    results *= PRIOR_SD
    np.clip(results, -PRIOR_MEAN, 100.0 - PRIOR_MEAN, out=results)
    mean = (PRIOR_MEAN * rows.sum(axis=1))[:, None]
    told = np.rint(rows @ results + mean) - mean
    results -= weights @ told
    return results


def worst_insiders(rows, covariance, weights):
    """For each column, whose result a reader would best know beside what is published, and what the own error moves with it."""
    left = covariance - weights @ (rows @ covariance)
    own = np.where(np.diag(left) > NOTHING, np.diag(left), np.inf)
    gained = left**2 / own[None, :]
    np.fill_diagonal(gained, -np.inf)
    chosen = gained.argmax(axis=1)
    return chosen, left[np.arange(len(left)), chosen] / own[chosen]


def errors_within(rows, seed):
    """Root mean square error of the guess of each column in units of the prior's deviation: by what is published, and with an insider."""
    number = rows.shape[1]
    covariance = PRIOR_SD**2 * np.eye(number)
    weights = predictor(rows, covariance)
    insider, slope = worst_insiders(rows, covariance, weights)
    rows, weights, slope = rows.astype(NUMBER), weights.astype(NUMBER), slope.astype(NUMBER)[:, None]
    random = np.random.default_rng([SEED, seed])
    squares, squares_insider = np.zeros(number), np.zeros(number)
    for _ in range(DRAWS // AT_ONCE):
        results = random.standard_normal((number, AT_ONCE), dtype=NUMBER)
        wrong = errors_of(rows, weights, results)
        squares += np.einsum("ij,ij->i", wrong, wrong)
        wrong = wrong - slope * wrong[insider]
        squares_insider += np.einsum("ij,ij->i", wrong, wrong)
    return np.sqrt(squares / DRAWS) / PRIOR_SD, np.sqrt(squares_insider / DRAWS) / PRIOR_SD


def draw_series(who, years, rho, random):
    """Standard draws of columns in the order of organisations and years, with correlation `rho` to the power of years apart."""
    draws = random.standard_normal((len(who), AT_ONCE), dtype=NUMBER)
    for at in range(1, len(who)):
        if who[at] == who[at - 1]:
            alike = rho ** (years[at] - years[at - 1])
            draws[at] = alike * draws[at - 1] + np.sqrt(1.0 - alike**2) * draws[at]
    return draws


def errors_over_years(rows, columns, rho, seed):
    """The same from all years together, by what is published; `columns` are (organisation, year)."""
    years = np.array([year for _, year in columns], dtype=float)
    who = np.unique([organisation for organisation, _ in columns], return_inverse=True)[1]
    covariance = PRIOR_SD**2 * rho ** np.abs(years[:, None] - years[None, :]) * (who[:, None] == who[None, :])
    weights = predictor(rows, covariance)
    rows, weights = rows.astype(NUMBER), weights.astype(NUMBER)
    random = np.random.default_rng([SEED, seed])
    squares = np.zeros(len(columns))
    for _ in range(DRAWS_YEARS // AT_ONCE):
        wrong = errors_of(rows, weights, draw_series(who, years, rho, random))
        squares += np.einsum("ij,ij->i", wrong, wrong)
    return np.sqrt(squares / DRAWS_YEARS) / PRIOR_SD


def guess(rows, told, mean, deviation):
    """The guess from numbers that are really published, with the mean and deviation of each column's results given."""
    weights = predictor(rows, np.diag(deviation**2))
    return mean + weights @ (told - rows @ mean)
