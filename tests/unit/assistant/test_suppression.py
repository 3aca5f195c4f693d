"""Small numbers: no published table may let a hidden figure be worked out."""

import itertools
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.review.suppression import SMALLEST, single, table, together


def named(values):
    return {str(place): value for place, value in enumerate(values)}


def published(values):
    shown = table(named(values))
    return tuple(cell.value for cell in shown.cells), shown.total


@pytest.mark.parametrize(("count", "most"), [(1, 12), (2, 20), (3, 14), (4, 9), (5, 6)])
def test_every_hidden_figure_could_be_another_one(count, most):
    """Somebody who knows the rule goes through every table that would be published like this one."""
    alike = defaultdict(list)
    for values in itertools.product(range(most + 1), repeat=count):
        alike[published(values)].append(values)
    for (cells, _total), candidates in alike.items():
        for place, cell in enumerate(cells):
            if cell is None:
                assert len({candidate[place] for candidate in candidates}) > 1, (cells, candidates)


@given(st.lists(st.integers(0, 60), max_size=24))
def test_nothing_small_is_shown_and_what_is_shown_is_true(values):
    shown = table(named(values))
    for cell, value in zip(shown.cells, values, strict=True):
        assert cell.value in (None, value)
        assert cell.value is None or cell.value == 0 or cell.value >= SMALLEST
    assert shown.total in (None, sum(values))
    if all(value == 0 or value >= SMALLEST for value in values):
        assert shown.total == sum(values)
        assert None not in [cell.value for cell in shown.cells]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.data())
def test_tables_of_the_same_events_do_not_give_each_others_totals_away(values, data):
    cut = data.draw(st.integers(0, sum(values)))
    first, second = together(named(values), {"a": cut, "b": sum(values) - cut})
    if {first.total, second.total} != {None}:
        for one in (first, second):
            assert one.total is not None or all(cell.value is None for cell in one.cells)


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_a_figure_that_stands_alone(value, shown):
    assert single(value) == shown


def test_a_total_gives_no_single_hidden_figure_away():
    shown = table({"a": 40, "b": 3, "c": 12})
    assert [cell.value for cell in shown.cells] == [40, None, None]
    assert shown.total == 55
    assert table({"a": 3}).total is None
    assert table({}).total == 0
    assert table({"a": 0}).is_empty
