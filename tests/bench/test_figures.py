"""Figures are what their names say."""

import json
import math

import pytest

from bench.figures import added_ms, per, quantile, tidy


def test_a_quantile_is_a_measured_value():
    values = list(range(1, 101))

    assert [quantile(values, share) for share in (0.5, 0.95, 0.99, 1)] == [50, 95, 99, 100]


def test_the_order_of_values_does_not_matter():
    assert quantile([9, 1, 5], 0.5) == 5


def test_the_99th_of_few_values_is_the_largest():
    assert quantile([3, 1, 2], 0.99) == 3


def test_there_is_no_quantile_of_nothing():
    with pytest.raises(ValueError, match="no values"):
        quantile([], 0.5)


def test_added_is_the_difference_of_quantiles_in_milliseconds():
    assert added_ms([3_000_000, 5_000_000, 4_000_000], [1_000_000, 1_500_000, 900_000], 0.5) == 3.0


def test_an_amount_is_told_for_so_many():
    assert per(3.0, 50_000, 100_000) == 6.0


def test_an_amount_for_none_is_no_number():
    assert math.isnan(per(3.0, 0, 100_000))


def test_figures_keep_the_digits_that_mean_something_and_are_json():
    figures = {"small": 0.123456, "middle": 12.3456, "large": 1234.56, "whole": 7, "none": math.nan, "list": [0.00049]}

    assert json.loads(json.dumps(tidy(figures))) == {
        "small": 0.123,
        "middle": 12.35,
        "large": 1234.6,
        "whole": 7,
        "none": None,
        "list": [0.0],
    }
