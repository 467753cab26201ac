"""What meters said in quarter-hours that are over, and the band that was expected, on a database."""

from datetime import datetime, timedelta

from kwartier.service.caller import Caller
from kwartier.service.measurement_row import epoch_us, measurement_row
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.service.watching.forecast_bands import forecast_bands
from kwartier.service.watching.measured_past import measured_current_a, measured_past
from kwartier.site.measurement import Measurement
from kwartier.units.quarter_hour import epoch_s, from_epoch_s, quarter_start_s
from tests.services.ready_site import ready_site
from tests.services.service_case import ServiceCase
from tests.services.site_data import POWER_W, SITE_ID


def quarters(until: datetime, count: int) -> list[datetime]:
    """So many quarter-hours, the last one the open one."""
    last = from_epoch_s(quarter_start_s(epoch_s(until)))
    return [last - timedelta(minutes=15 * number) for number in range(count - 1, -1, -1)]


def told_phases(ports: Ports, caller: Caller, moment: datetime, l1_a: float) -> None:
    """The meter of the connection says what flows on two of its phases."""
    reading = Measurement.model_validate(
        {
            "asset_id": "main",
            "timestamp": moment.isoformat(),
            "energy_value": 2e6,
            "power_value": POWER_W["main"],
            "pins": {"L1": {"currentValue": l1_a}, "L3": {"currentValue": -4.0}},
        }
    )
    row = measurement_row(caller.partner_id, SITE_ID, reading, epoch_us(ports.clock.now()))
    written = ports.measurement_writer.submit([row])
    assert not isinstance(written, QueueFull)
    written.result(30)


def test_currents_are_the_means_of_what_was_told_and_nothing_where_nothing_was(
    sqlite_service: ServiceCase,
) -> None:
    ports = sqlite_service.ports
    caller = ready_site(ports)
    starts = quarters(ports.clock.now(), 4)
    told_phases(ports, caller, starts[1] + timedelta(minutes=1), 10.0)
    told_phases(ports, caller, starts[1] + timedelta(minutes=11), 30.0)
    told_phases(ports, caller, starts[3], 7.0)
    found = measured_current_a(caller, SITE_ID, "main", starts, ports=ports)
    assert found == {"L1": [None, 20.0, None, 7.0], "L3": [None, -4.0, None, -4.0]}
    assert measured_current_a(caller, SITE_ID, "no_such_board", starts, ports=ports) == {}


def test_a_battery_has_the_charge_that_it_told_last_and_one_that_told_none_is_left_out(
    sqlite_service: ServiceCase,
) -> None:
    ports = sqlite_service.ports
    caller = ready_site(ports)
    starts = quarters(ports.clock.now(), 3)
    found = measured_past(caller, SITE_ID, ["battery", "roof"], starts, ports=ports)
    assert found.percent_by_battery == {"battery": [50.0, 50.0, 50.0]}  # as tests.services.site_data has it


def test_a_band_encloses_a_steady_sun_and_begins_with_the_forecast(sqlite_service: ServiceCase) -> None:
    ports = sqlite_service.ports
    caller = ready_site(ports)
    starts = [*quarters(ports.clock.now(), 5), ports.clock.now() + timedelta(minutes=15)]
    band = forecast_bands(caller, SITE_ID, starts, ports=ports)["roof"]
    assert band.low_w[0] is None
    low_w, high_w = band.low_w[4], band.high_w[4]
    assert low_w is not None
    assert high_w is not None
    assert low_w <= high_w <= 0.0
    assert len(band.low_w) == len(band.high_w)
