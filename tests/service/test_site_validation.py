"""The validation status of a document (contract.md, section 2)."""

from copy import deepcopy
from typing import Any

import pytest

from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.site_validation import validation_status
from kwartier.site.document import Site
from kwartier.site.validation_status import ValidationStatus
from kwartier.testing.contracts.examples import MONDAY


def status_of(flags: FeatureFlags | None = None, **configurations: Any) -> ValidationStatus:
    document = deepcopy(EXAMPLE_SITE)
    document["configurations"] |= configurations
    return validation_status(Site.model_validate(document), MONDAY, flags or FeatureFlags())


def test_of_a_good_document_only_what_needs_data_is_unknown() -> None:
    status = status_of()
    configuration = status.site_configuration_status
    assert configuration.configuration_added.status == "OK"
    assert configuration.valid_for_optimization.status == "OK"
    assert configuration.configuration_complete.status == "UNKNOWN"
    assert status.optimization_configuration_status.status == "OK"
    assert status.ingress_status.status == "UNKNOWN"
    assert (status.status, status.last_validation) == ("UNKNOWN", MONDAY)


def test_without_a_site_configuration_there_is_nothing_to_plan() -> None:
    status = status_of(site_configuration=None)
    assert status.site_configuration_status.configuration_added.status == "ERROR"
    assert status.status == "ERROR"


def test_every_problem_stands_on_a_line_of_its_own_with_its_path() -> None:
    lists = deepcopy(EXAMPLE_SITE["configurations"]["site_configuration"])
    lists["device_list"][0]["collector"] = lists["device_list"][1]["collector"] = "nowhere"
    valid = status_of(site_configuration=lists).site_configuration_status.valid_for_optimization
    assert valid.status == "ERROR"
    assert valid.validation_errors is not None
    paths = [line.split(": ")[0] for line in valid.validation_errors.split("\n")]
    device = "$.configurations.site_configuration.device_list"
    assert paths == [f"{device}[0].collector", f"{device}[1].collector"]


@pytest.mark.parametrize(
    ("configurations", "is_priced", "expected"),
    [
        ({"optimization_configuration": None}, True, "ERROR"),
        ({"optimization_configuration": {}}, True, "OK"),
        ({"optimization_configuration": {}, "contract": None}, True, "WARNING"),
        ({"optimization_configuration": {"cost_minimization_active": False}, "contract": None}, True, "OK"),
        ({"optimization_configuration": {"peak_minimization": {"peak_price": 50.0}}}, True, "OK"),
        ({"optimization_configuration": {"peak_minimization": {"peak_price": 50.0}}}, False, "WARNING"),
        (
            {"optimization_configuration": {"negative_peak_minimization": {"peak_price": 1.0}}},
            False,
            "WARNING",
        ),
        ({"optimization_configuration": {"peak_minimization": {"peak_limit": 5}}}, False, "OK"),
    ],
)
def test_settings_that_cannot_be_followed_are_a_warning(
    configurations: dict[str, Any], is_priced: bool, expected: str
) -> None:
    status = status_of(FeatureFlags(configurable_peak_price=is_priced), **configurations)
    assert status.optimization_configuration_status.status == expected
