"""What a simulated period leaves behind: energies per quarter-hour, cars, violations, bills, money; as one document."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from kwartier.units.instant import Instant
from kwartier.units.wire import WireModel


class ConnectionEnergies(WireModel):
    """One connection (root collector) per quarter-hour of the period, Wh; both numbers are positive."""

    offtake_wh: list[float]
    injection_wh: list[float]


class CarRecord(WireModel):
    """One car: when it stood at which pole, what it asked for, and what it got.

    `servable_wh` is what its stay at full power could have given it, at most what it asked for.
    """

    transaction_id: str
    asset_id: str
    arrival: Instant
    departure: Instant
    requested_wh: float
    servable_wh: float
    charged_wh: float

    @property
    def unserved_wh(self) -> float:
        """What it could have got and did not, Wh."""
        return max(0.0, self.servable_wh - self.charged_wh)


class LimitBreach(WireModel):
    """A line of a collector above its limit: the largest current of a quarter-hour, A.

    `is_avoidable`: whether less charging would have kept it; else what nobody controls was too much.
    """

    at: Instant
    board: str
    phase: str
    current_a: float
    limit_a: float
    is_avoidable: bool


class BilledLine(WireModel):
    """A line of a bill as `kwartier bill` prints it; payments to the site are negative."""

    component: str
    group: str
    quantity: float
    unit: str
    unit_price_eur: float
    amount_eur: float
    source: str


class MonthBill(WireModel):
    """The bill of a connection for a month of the period; a month that the period holds in part is provisional."""

    month: str
    root: str
    lines: list[BilledLine]
    total_excl_vat_eur: float
    vat_eur: float
    total_eur: float
    provisional: bool
    warnings: list[str]


class RunMoney(WireModel):
    """What of the period's costs a policy can change, EUR without VAT; income is negative.

    Energy, grid and levies per kWh are those of the bills. `peaks_eur` is what the period's peaks add to this bill and
    to later ones, above what was billed before (docs/decisions/0008); fixed terms are left out. `kept_eur` is the
    energy that batteries hold less than at the start, at the period's median offtake price: negative where they hold
    more.
    """

    energy_eur: float = 0.0
    grid_eur: float = 0.0
    levies_eur: float = 0.0
    peaks_eur: float = 0.0
    kept_eur: float = 0.0

    @property
    def total_eur(self) -> float:
        """All of it."""
        return self.energy_eur + self.grid_eur + self.levies_eur + self.peaks_eur + self.kept_eur


class PolicyRun(WireModel):
    """A site under one policy from `start` to `end`; every series has one entry per quarter-hour.

    `energy_wh_by_device` is positive when consumed; `charge_percent_by_battery` the state of charge at the end of each
    quarter-hour, `first_charge_percent_by_battery` the one at the start. `bills` are those of its months.
    `bound_eur` is given for the oracle only: no policy can pay less in all. `plan_count` and `processor_s` say what the
    decisions took; the latter is the only figure that another run of the same seed does not repeat.
    """

    site_id: str
    policy: str
    seed: int
    start: Instant
    end: Instant
    connections: dict[str, ConnectionEnergies]
    energy_wh_by_device: dict[str, list[float]]
    charge_percent_by_battery: dict[str, list[float]]
    first_charge_percent_by_battery: dict[str, float]
    cars: list[CarRecord]
    breaches: list[LimitBreach]
    bills: list[MonthBill]
    money: RunMoney
    bound_eur: float | None = None
    plan_count: int = 0
    processor_s: float = 0.0
    warnings: list[str] = Field(default_factory=list)

    @property
    def unserved_wh(self) -> float:
        """What cars could have got and did not, Wh."""
        return sum(car.unserved_wh for car in self.cars)

    @property
    def charged_wh(self) -> float:
        """What all cars got, Wh."""
        return sum(car.charged_wh for car in self.cars)

    @property
    def bill_eur(self) -> Decimal:
        """The bills of the period, VAT included, EUR."""
        return sum((Decimal(str(bill.total_eur)) for bill in self.bills), Decimal(0))

    def peak_w(self, root: str) -> float:
        """The highest quarter-hour average of a connection's offtake, W."""
        return 4.0 * max(self.connections[root].offtake_wh, default=0.0)

    def quarter_starts_s(self) -> list[int]:
        """The start of each quarter-hour, epoch seconds."""
        first_s, end_s = int(_epoch_s(self.start)), int(_epoch_s(self.end))
        return list(range(first_s, end_s, 900))


def _epoch_s(moment: datetime) -> float:
    return moment.timestamp()
