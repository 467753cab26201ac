"""What somebody has to know of a site."""

from datetime import UTC, datetime, timedelta

from kwartier.service.site_event import EventKind, SiteEvent
from kwartier.service.watching.alarms import alarms
from kwartier.site.validation_status import (
    ConfigurationComplete,
    IngressStatus,
    ReceivingMeasurementData,
    SiteConfigurationStatus,
    ValidationStatus,
    ValidForOptimization,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OVER = {"collector": "main", "phase": "L1", "current_a": 70.0, "limit_a": 63.0}


def event(number: int, kind: EventKind, minutes_ago: float, **content: object) -> SiteEvent:
    return SiteEvent("alpha", "hall", number, kind, NOW - timedelta(minutes=minutes_ago), content)


def kinds(*events: SiteEvent) -> list[str]:
    return [one.kind for one in alarms(NOW, ValidationStatus(), "optimal", None, events)]


def test_a_site_on_which_all_is_well_has_none() -> None:
    assert alarms(NOW, ValidationStatus(), "feasible", None, ()) == ()


def test_an_exceeded_limit_is_told_for_a_quarter_of_an_hour_and_once_per_phase() -> None:
    assert kinds(event(1, "limit_violated", 14, **OVER), event(2, "limit_violated", 13, **OVER)) == [
        "limit_violated"
    ]
    assert kinds(event(1, "limit_violated", 16, **OVER)) == []


def test_a_device_that_does_not_obey_is_told_of_until_it_does() -> None:
    disobeys = event(1, "device_disobeys", 600, asset_id="pole", told_a=6.0, measured_a=16.0)
    assert kinds(disobeys) == ["device_disobeys"]
    assert kinds(disobeys, event(2, "device_obeys_again", 1, asset_id="another")) == ["device_disobeys"]
    assert kinds(disobeys, event(2, "device_obeys_again", 1, asset_id="pole")) == []


def test_a_failsafe_is_over_when_it_is_said_to_be() -> None:
    begins = event(1, "operator_failsafe", 90, is_in_force=True, reason="silence")
    ends = event(2, "operator_failsafe", 1, is_in_force=False, reason="heard")
    assert kinds(begins) == ["operator_failsafe"]
    assert kinds(begins, ends) == []


def test_a_lower_rung_is_an_alarm_and_a_stop_a_severe_one() -> None:
    (floor,) = alarms(NOW, ValidationStatus(), "floor", None, ())
    (stop,) = alarms(NOW, ValidationStatus(), "stop", None, ())
    assert (floor.kind, floor.is_severe, stop.kind, stop.is_severe) == (
        "rung_floor",
        False,
        "rung_stop",
        True,
    )


def test_silence_strangers_and_errors_come_from_the_validation_with_the_severe_first() -> None:
    status = ValidationStatus(
        site_configuration_status=SiteConfigurationStatus(
            configuration_complete=ConfigurationComplete(status="WARNING", missing_assets=["who"]),
            valid_for_optimization=ValidForOptimization(status="ERROR", validation_errors="one\ntwo"),
        ),
        ingress_status=IngressStatus(
            receiving_measurement_data=ReceivingMeasurementData(
                status="ERROR", not_receiving_data_from=["roof"]
            )
        ),
    )
    found = {one.kind: one.content for one in alarms(NOW, status, None, None, ())}
    assert list(found) == ["document_errors", "silent", "unknown_assets"]
    assert found["document_errors"] == {"count": 2, "first": "one"}
    assert found["silent"] == {"count": 1, "names": "roof"}
