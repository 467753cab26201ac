import numpy as np

from kwartier.service.asset_quarters import AssetOfSite, asset_quarters
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.quarter_memory import QuarterMemory, RememberedQuarters
from kwartier.site.metering.quarter_energy import QuarterEnergies, quarter_energies
from kwartier.site.metering.readings import FloatArray, Readings

DAY_S, FIRST_S = 86_400, 1_772_409_600.0
ASSET = AssetOfSite("alpha", "hall", "meter", None)


class Meter:
    """Readings of a meter every five minutes, and for how long a time each was asked for."""

    def __init__(self, days: int = 10) -> None:
        self.time_s: FloatArray = FIRST_S - 600.0 + np.arange(0.0, days * DAY_S, 300.0)
        self.power_w: FloatArray = np.random.default_rng(6).uniform(500.0, 1_500.0, len(self.time_s))
        self.asked_s: list[float] = []

    def read(self, partner_id: str, site_id: str, asset_id: str, span: Span) -> Readings:
        assert (partner_id, site_id, asset_id) == ASSET.key
        self.asked_s.append((span.to_us - span.from_us) / 1e6)
        inside = (self.time_s >= span.from_us / 1e6) & (self.time_s < span.to_us / 1e6)
        total_wh = np.cumsum(self.power_w) / 12.0
        return Readings(self.time_s[inside], total_wh[inside], self.power_w[inside])

    def whole(self, from_s: float, at_s: float) -> QuarterEnergies:
        return quarter_energies(self.read(*ASSET.key, Span(0, int(at_s * 1e6) + 1)), from_s, at_s)


def told(meter: Meter, memory: QuarterMemory, from_s: float, at_s: float) -> QuarterEnergies:
    return asset_quarters(ASSET, from_s, at_s, read=meter.read, memory=memory)


def assert_same(one: QuarterEnergies, other: QuarterEnergies) -> None:
    assert np.array_equal(one.start_s, other.start_s)
    assert np.array_equal(one.is_known, other.is_known)
    # Single precision remembers a kWh to a tenth of a milliwatt-hour; the last day is not remembered.
    assert np.allclose(one.energy_wh[one.is_known], other.energy_wh[one.is_known], rtol=1e-7, atol=0.0)
    assert np.array_equal(one.energy_wh[-96:], other.energy_wh[-96:], equal_nan=True)


def test_the_second_plan_reads_a_day_and_knows_the_same() -> None:
    meter, memory = Meter(), QuarterMemory()
    told(meter, memory, FIRST_S, FIRST_S + 8 * DAY_S + 100.0)
    at_s = FIRST_S + 8 * DAY_S + 1_000.0
    second = told(meter, memory, FIRST_S, at_s)
    assert meter.asked_s[0] > 8 * DAY_S
    assert meter.asked_s[1] < 1.2 * DAY_S
    assert_same(second, meter.whole(FIRST_S, at_s))


def test_a_window_that_moves_on_is_served_and_one_that_reaches_further_back_is_read() -> None:
    meter, memory = Meter(), QuarterMemory()
    at_s = FIRST_S + 8 * DAY_S
    told(meter, memory, FIRST_S + DAY_S, at_s)
    assert_same(told(meter, memory, FIRST_S + 2 * DAY_S, at_s), meter.whole(FIRST_S + 2 * DAY_S, at_s))
    assert meter.asked_s[1] < 1.2 * DAY_S
    assert_same(told(meter, memory, FIRST_S, at_s), meter.whole(FIRST_S, at_s))


def test_what_comes_late_counts_within_a_day_at_once_and_later_within_another() -> None:
    meter, memory = Meter(), QuarterMemory()
    at_s = FIRST_S + 8 * DAY_S
    told(meter, memory, FIRST_S, at_s)
    last_night = (meter.time_s > at_s - DAY_S) & (meter.time_s < at_s - DAY_S / 2)
    last_week = meter.time_s < FIRST_S + DAY_S
    meter.power_w = np.where(last_night | last_week, 2_000.0, meter.power_w)
    soon = told(meter, memory, FIRST_S, at_s + 900.0)
    assert soon.energy_wh[-60] == 500.0
    assert soon.energy_wh[10] < 400.0
    assert_same(told(meter, memory, FIRST_S, at_s + DAY_S), meter.whole(FIRST_S, at_s + DAY_S))


def test_a_plan_for_an_earlier_moment_knows_nothing_of_what_came_after() -> None:
    meter, memory = Meter(), QuarterMemory()
    told(meter, memory, FIRST_S, FIRST_S + 8 * DAY_S)
    earlier_s = FIRST_S + 7 * DAY_S + 500.0
    assert_same(told(meter, memory, FIRST_S, earlier_s), meter.whole(FIRST_S, earlier_s))


def test_gaps_are_remembered_as_gaps() -> None:
    meter, memory = Meter(), QuarterMemory()
    kept = (meter.time_s < FIRST_S + DAY_S) | (meter.time_s > FIRST_S + 2 * DAY_S)
    meter.time_s, meter.power_w = meter.time_s[kept], meter.power_w[kept]
    told(meter, memory, FIRST_S, FIRST_S + 8 * DAY_S)
    second = told(meter, memory, FIRST_S, FIRST_S + 8 * DAY_S + 900.0)
    assert not second.is_known[100:190].any()
    assert second.is_known[200:].all()


def test_the_memory_forgets_what_nobody_asked_for_the_longest() -> None:
    memory = QuarterMemory(most_count=2)
    quarters = RememberedQuarters(0.0, np.zeros(1, dtype=np.float32), 0.0)
    for name in ("a", "b"):
        memory.keep(("alpha", "hall", name), quarters)
    memory.recall(("alpha", "hall", "a"))
    memory.keep(("alpha", "hall", "c"), quarters)
    assert memory.recall(("alpha", "hall", "b")) is None
    assert memory.recall(("alpha", "hall", "a")) is quarters
