"""The report as a document."""

import pytest

from kwartier.simulation.savings import SavingsReport, savings_report
from tests.simulation.savings.runs import run

NAMED = {"site_name": "Hub", "timezone": "Europe/Brussels"}


def test_savings_are_those_of_the_planner_against_each_other_policy() -> None:
    report = savings_report(
        [
            run("uncontrolled", money={"energy_eur": 80.0}),
            run("receding_horizon", money={"energy_eur": 60.0}),
        ],
        **NAMED,
    )
    assert report.subject == "receding_horizon"
    [saving] = report.savings
    assert (saving.against, saving.saving_eur, saving.share) == ("uncontrolled", 20.0, 0.25)


def test_the_document_reads_what_it_writes() -> None:
    report = savings_report([run("uncontrolled")], **NAMED)
    assert SavingsReport.model_validate_json(report.model_dump_json()) == report


def test_runs_of_different_seeds_are_not_compared() -> None:
    with pytest.raises(ValueError, match="one seed"):
        savings_report([run("a"), run("b", seed=2)], **NAMED)


def test_no_runs_are_no_report() -> None:
    with pytest.raises(ValueError, match="at least one"):
        savings_report([], **NAMED)
