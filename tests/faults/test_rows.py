"""Every fault has a test that bears its number, or a reason why it waits."""

from tests.faults.rows import ROWS, WAITS, proofs


def test_every_fault_has_a_test_or_a_reason_to_wait():
    untested = {number for number, tests in proofs().items() if not tests}

    assert untested == set(WAITS)


def test_every_number_in_a_tests_name_is_a_fault():
    assert set(proofs()) == set(ROWS)
