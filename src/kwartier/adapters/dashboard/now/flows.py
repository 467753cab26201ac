"""Where power comes from and goes to, now: grid, sun, building, cars, batteries."""

from collections.abc import Iterable

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.tile import Tile
from kwartier.service.watching.site_now import DeviceNow, Reading, SiteNow

POLES = frozenset({"charging_pole_3phase", "dc_charging_pole"})
BATTERY, SERIES = "battery_energy_storage_system", "forecasted_series_3phase"
# Below this the connection is in balance as far as a reader cares.
BALANCED_W = 50.0


class Flows:
    """A row of tiles, one for each that the site has."""

    def __init__(self, figures: Figures, now: SiteNow) -> None:
        self._figures, self._words = figures, figures.words
        with Tag("div", classes="kw-tiles"):
            self._grid = Tile(self._words("now.grid"))
            self._sun = self._tile("now.sun", self._of(now, SERIES, "pv"))
            self._building = self._tile("now.building", self._of(now, SERIES, "load"))
            self._cars = self._tile("now.cars", _poles(now))
            self._battery = self._tile("now.battery", self._of(now, BATTERY))

    def show(self, now: SiteNow) -> None:
        """Show another look."""
        self._show_grid(now)
        for tile, devices in (
            (self._sun, self._of(now, SERIES, "pv")),
            (self._building, self._of(now, SERIES, "load")),
        ):
            if tile is not None:
                power_w = _power_w((one.reading for one in devices), now)
                tile.show(self._figures.power(None if power_w is None else abs(power_w)))
        if self._cars is not None:
            self._show_cars(self._cars, _poles(now), now)
        if self._battery is not None:
            self._show_battery(self._battery, self._of(now, BATTERY), now)

    def _tile(self, key: str, devices: list[DeviceNow]) -> Tile | None:
        return Tile(self._words(key)) if devices else None

    def _of(self, now: SiteNow, kind: str, forecast_type: str | None = None) -> list[DeviceNow]:
        return [one for one in now.devices if one.kind == kind and one.forecast_type == forecast_type]

    def _show_grid(self, now: SiteNow) -> None:
        power_w = _power_w((board.reading for board in now.boards if board.depth == 0), now)
        if power_w is None:
            self._grid.show(self._figures.power(None))
        elif abs(power_w) < BALANCED_W:
            self._grid.show(self._figures.power(0.0), self._words("now.grid_none"))
        else:
            direction = "now.grid_in" if power_w > 0 else "now.grid_out"
            self._grid.show(self._figures.power(abs(power_w)), self._words(direction))

    def _show_cars(self, tile: Tile, poles: list[DeviceNow], now: SiteNow) -> None:
        busy = [one for one in poles if one.car is not None]
        charging = sum(one.state == "charging" for one in busy)
        power_w = _power_w((one.reading for one in busy), now) if busy else 0.0
        detail = self._words("now.cars_detail", charging=charging, waiting=len(busy) - charging)
        tile.show(self._figures.power(power_w), detail)

    def _show_battery(self, tile: Tile, batteries: list[DeviceNow], now: SiteNow) -> None:
        power_w = _power_w((one.reading for one in batteries), now)
        charges = [one.reading.charge_percent for one in batteries if one.reading is not None]
        known = [percent for percent in charges if percent is not None]
        stored = self._figures.percent(sum(known) / len(known) if known else None)
        state = self._words(f"state.{batteries[0].state}").lower()
        detail = self._words("now.battery_charge", charge=stored)
        tile.show(self._figures.power(None if power_w is None else abs(power_w)), f"{state}, {detail}")


def _poles(now: SiteNow) -> list[DeviceNow]:
    return [one for one in now.devices if one.kind in POLES]


def _power_w(readings: Iterable[Reading | None], now: SiteNow) -> float | None:
    """The sum of what is measured now, W; None where nothing is."""
    fresh = [one.power_w for one in readings if one is not None and one.is_fresh(now.at)]
    return sum(fresh) if fresh else None
