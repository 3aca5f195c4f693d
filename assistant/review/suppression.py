"""Small numbers are not published: with few people behind a figure, somebody could be recognised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Figures from 1 to 4 are hidden.
SMALLEST = 5
# What is hidden in one table adds up to at least this, so that no single figure follows from the total.
_TOGETHER = 2 * SMALLEST


@dataclass(frozen=True)
class Cell:
    """One figure; `value` is None where it is hidden."""

    key: str
    value: int | None


@dataclass(frozen=True)
class Table:
    """Figures that add up to a total; `total` is None where it would give a hidden figure away."""

    cells: tuple[Cell, ...]
    total: int | None

    @property
    def largest(self) -> int:
        """The largest figure that is shown, at least 1."""
        return max([cell.value or 0 for cell in self.cells] + [1])

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing at all, which is no secret."""
        return all(cell.value == 0 for cell in self.cells)


def table(figures: Mapping[str, int]) -> Table:
    """Return figures as they may be shown, in the same order.

    Every figure from 1 to 4 is hidden. Where the total is shown, at least two figures are hidden that together make
    at least 10: otherwise the smallest shown ones are hidden as well. Where that is not possible, the total is hidden.

    Args:
        figures: Key to count, 0 or more; together they are the total.
    """
    hidden = {key for key, value in figures.items() if 0 < value < SMALLEST}
    total = sum(figures.values())
    if hidden:
        # Equal figures are hidden together: which of them it was would tell something by its place.
        for level in sorted({value for value in figures.values() if value >= SMALLEST}):
            if _is_safe([figures[key] for key in hidden]):
                break
            hidden |= {key for key, value in figures.items() if value == level}
    shows_total = not hidden or _is_safe([figures[key] for key in hidden])
    cells = tuple(Cell(key, None if key in hidden else value) for key, value in figures.items())
    return Table(cells, total if shows_total else None)


def together(*many: Mapping[str, int]) -> tuple[Table, ...]:
    """Return tables that count the same events by different things, so that they share one total.

    Where one shows the total, a table that must not show it is hidden altogether.
    """
    tables = tuple(table(figures) for figures in many)
    if all(one.total is None for one in tables):
        return tables
    return tuple(one if one.total is not None else _blank(one) for one in tables)


def single(value: int) -> int | None:
    """Return a figure that stands alone as it may be shown; None if it is hidden."""
    return None if 0 < value < SMALLEST else value


def _blank(one: Table) -> Table:
    return Table(tuple(Cell(cell.key, None) for cell in one.cells), None)


def _is_safe(values: Sequence[int]) -> bool:
    """Tell whether no hidden figure follows from their sum: neither all as small nor all as large as can be."""
    lowest, highest = len(values), (SMALLEST - 1) * len(values)
    together = sum(values)
    return len(values) > 1 and together >= _TOGETHER and together not in (lowest, highest)
