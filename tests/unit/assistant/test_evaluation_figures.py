"""Figures of an evaluation: ranks, reliability, risk and coverage, and the drawings made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation import charts, figures
from assistant.evaluation.figures import Guess

GUESSES = st.lists(st.builds(Guess, st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_recall_and_reciprocal_rank_look_at_the_first_right_hit():
    ranks = [1, 2, None, 6]
    assert figures.recall(ranks, 1) == 0.25
    assert figures.recall(ranks, 5) == 0.5
    assert figures.recall(ranks, 6) == 0.75
    assert figures.mean_reciprocal_rank(ranks) == pytest.approx((1 + 1 / 2 + 1 / 6) / 4)


def test_without_questions_all_figures_are_nought():
    assert figures.recall([], 5) == figures.mean_reciprocal_rank([]) == figures.brier([]) == 0.0
    assert figures.calibration_error(figures.reliability([])) == 0.0
    assert figures.at_limit([], 0.5) == figures.RiskPoint(0.5, 0.0, 0.0)
    assert figures.risk_coverage([]) == []


def test_bins_hold_what_was_promised_and_what_came_true():
    rows = figures.reliability([Guess(0.05, False), Guess(0.95, True), Guess(0.97, False), Guess(1.0, True)])
    assert [row.count for row in rows] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert (rows[9].low, rows[9].high) == (0.9, 1.0)
    assert rows[9].mean_probability == pytest.approx((0.95 + 0.97 + 1) / 3)
    assert rows[9].share_right == pytest.approx(2 / 3)
    assert rows[0].share_right == 0


def test_the_calibration_error_is_the_weighted_distance():
    rows = figures.reliability([Guess(0.25, True), Guess(0.75, True), Guess(0.75, True), Guess(0.75, False)])
    assert figures.calibration_error(rows) == pytest.approx((1 * 0.75 + 3 * abs(0.75 - 2 / 3)) / 4)


def test_the_brier_score_punishes_false_certainty_most():
    assert figures.brier([Guess(1.0, False)]) == 1.0
    assert figures.brier([Guess(0.5, True), Guess(0.5, False)]) == 0.25
    assert figures.brier([Guess(1.0, True), Guess(0.0, False)]) == 0.0


def test_risk_grows_as_less_certain_answers_are_given():
    points = figures.risk_coverage([Guess(0.4, False), Guess(0.9, True), Guess(0.9, True), Guess(0.6, False)])
    assert [(point.limit, point.coverage) for point in points] == [(0.9, 0.5), (0.6, 0.75), (0.4, 1.0)]
    assert [point.risk for point in points] == [0.0, pytest.approx(1 / 3), 0.5]


def test_a_curve_is_told_in_tenths_of_coverage():
    curve = [figures.RiskPoint(1 - n / 40, n / 40, 0.0) for n in range(1, 41)]
    assert [point.coverage for point in figures.tenths(curve)] == [n / 10 for n in range(1, 11)]
    assert figures.tenths(curve[-1:]) == curve[-1:]
    assert figures.tenths([]) == []


@given(GUESSES)
def test_every_point_of_the_curve_is_what_its_limit_would_do(guesses):
    for point in figures.risk_coverage(guesses):
        served = figures.at_limit(guesses, point.limit)
        assert (served.coverage, served.risk) == pytest.approx((point.coverage, point.risk))


@given(GUESSES)
def test_every_question_is_in_one_bin(guesses):
    rows = figures.reliability(guesses)
    assert sum(row.count for row in rows) == len(guesses)
    assert sum(row.count * row.share_right for row in rows) == pytest.approx(sum(guess.right for guess in guesses))


def inside(chart, x, y):
    return charts.LEFT <= x <= charts.LEFT + charts.SIZE and charts.TOP <= y <= charts.TOP + charts.SIZE < chart.height


@given(GUESSES)
def test_what_is_drawn_lies_inside_the_plot(guesses):
    points, served = figures.risk_coverage(guesses), figures.at_limit(guesses, 0.5)
    for chart in (charts.reliability_chart(figures.reliability(guesses)), charts.risk_chart(points, served)):
        corners = [tuple(map(float, pair.split(","))) for pair in chart.line.split()]
        assert all(inside(chart, x, y) for x, y in corners)
        assert all(inside(chart, dot.x, dot.y) for dot in chart.dots)


def test_dots_stand_where_probability_and_truth_meet_and_grow_with_the_count():
    rows = figures.reliability([Guess(0.5, True), Guess(0.5, False), Guess(0.95, True)])
    small, large = sorted(charts.reliability_chart(rows).dots, key=lambda dot: dot.radius)
    assert (large.x, large.y) == (charts.LEFT + charts.SIZE / 2, charts.TOP + charts.SIZE / 2)
    assert small.y == charts.TOP
    assert large.label == "0.50: 50% of 2"


def test_the_axis_of_risk_ends_at_a_full_tenth():
    chart = charts.risk_chart([figures.RiskPoint(0.5, 1.0, 0.13)], figures.RiskPoint(0.5, 1.0, 0.13))
    assert chart.y_ticks[-1].percent == pytest.approx(20)
    assert chart.y_ticks[0].at > chart.y_ticks[-1].at
