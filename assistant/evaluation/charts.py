"""Where things lie in the two charts of the report, in the units of their SVG drawing."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from assistant.evaluation.figures import Bin, RiskPoint

SIZE, LEFT, TOP, BOTTOM = 320, 76, 16, 48  # of the plot itself, and the room around it for the axes
_TICKS = 5
_LARGEST, _SMALLEST = 13.0, 3.0  # radius of a dot


@dataclasses.dataclass(frozen=True)
class Dot:
    """A point of a chart; `label` is what it stands for, in words for a title."""

    x: float
    y: float
    radius: float
    label: str


@dataclasses.dataclass(frozen=True)
class Tick:
    """A mark on an axis at `at`, with the share it stands for in per cent."""

    at: float
    percent: float


@dataclasses.dataclass(frozen=True)
class Chart:
    """One drawing of `width` times `height` with a square plot in it; `line` holds the points of an SVG polyline."""

    width: int
    height: int
    left: int
    top: int
    size: int
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    dots: tuple[Dot, ...]
    line: str


def reliability_chart(bins: Sequence[Bin]) -> Chart:
    """Return the plot of what came true against what was promised; the area of a dot grows with its count."""
    most = max((row.count for row in bins), default=0) or 1
    dots = tuple(
        Dot(
            _x(row.mean_probability),
            _y(row.share_right),
            max(_SMALLEST, _LARGEST * (row.count / most) ** 0.5),
            f"{row.mean_probability:.2f}: {row.share_right:.0%} of {row.count}",
        )
        for row in bins
        if row.count
    )
    return _chart(1.0, dots, ((_x(0), _y(0)), (_x(1), _y(1))))


def risk_chart(points: Sequence[RiskPoint], served: RiskPoint) -> Chart:
    """Return the share of wrong answers against the share of questions answered, with the limit that is served."""
    top = max((point.risk for point in [*points, served]), default=0.0)
    ceiling = min(1.0, max(0.1, -(-top * 10 // 1) / 10))  # up to the next full tenth
    line = [(_x(point.coverage), _y(point.risk / ceiling)) for point in points]
    label = f"{served.limit:.2f}: {served.coverage:.0%}, {served.risk:.1%}"
    dot = Dot(_x(served.coverage), _y(served.risk / ceiling), 6.0, label)
    return _chart(ceiling, (dot,), line)


def _chart(ceiling: float, dots: tuple[Dot, ...], line: Sequence[tuple[float, float]]) -> Chart:
    shares = [n / _TICKS for n in range(_TICKS + 1)]
    return Chart(
        width=LEFT + SIZE + 24,
        height=TOP + SIZE + BOTTOM,
        left=LEFT,
        top=TOP,
        size=SIZE,
        x_ticks=tuple(Tick(_x(share), 100 * share) for share in shares),
        y_ticks=tuple(Tick(_y(share), 100 * share * ceiling) for share in shares),
        dots=dots,
        line=" ".join(f"{x:.1f},{y:.1f}" for x, y in line),
    )


def _x(share: float) -> float:
    return round(LEFT + SIZE * share, 1)


def _y(share: float) -> float:
    return round(TOP + SIZE * (1 - share), 1)
