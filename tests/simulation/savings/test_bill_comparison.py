"""Bills side by side."""

from kwartier.simulation.savings.bill_comparison import compared_bill
from tests.simulation.savings.runs import bill, line, run


def test_lines_of_all_months_are_added_by_component() -> None:
    months = [bill([line("capacity", 10, 40.1)]), bill([line("capacity", 5, 20.2)], month="2026-04")]
    found = compared_bill([run("a", bills=months)])
    [only] = found.lines
    assert (only.quantity, only.amount_eur) == ([15.0], [60.3])


def test_a_line_that_one_policy_lacks_is_missing_and_not_zero() -> None:
    found = compared_bill(
        [
            run("a", bills=[bill([line("capacity", 10, 40.0)])]),
            run("b", bills=[bill([line("energy", 3, 9.0)])]),
        ]
    )
    assert [(one.component, one.amount_eur) for one in found.lines] == [
        ("capacity", [40.0, None]),
        ("energy", [None, 9.0]),
    ]
    assert (found.total_excl_vat_eur, found.total_eur) == ([40.0, 9.0], [48.0, 10.8])
