"""Learning linear weights that put the right one of several candidates first (build only: needs SciPy)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Doubles = npt.NDArray[np.float64]


def fit(
    lists: Sequence[tuple[Doubles, int]], start: Doubles, *, shrink: float, bounds: tuple[float | None, float | None]
) -> Doubles:
    """Return the weights under which a softmax over each list believes most in its right candidates.

    Args:
        lists: Candidates of one question, shape (candidates, features), the right ones first, and how many those are.
        start: Where to begin, shape (features,).
        shrink: Keeps the weights of features that say nearly the same from running apart.
        bounds: The least and the greatest weight.
    """

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        total, slope = shrink * float(weights @ weights), 2 * shrink * weights
        for rows, right in lists:
            scores = rows @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            belief = float(shares[:right].sum()) + 1e-12
            wanted = np.zeros_like(shares)
            wanted[:right] = shares[:right] / belief
            total -= float(np.log(belief))
            slope += rows.T @ (shares - wanted)
        return total, slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[bounds] * len(start))
    return np.asarray(found.x, np.float64)
