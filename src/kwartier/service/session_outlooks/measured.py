"""What sessions took so far, from measurements, with what their connection did in the same quarter-hours."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from kwartier.service.asset_rating import asset_rating_w
from kwartier.service.plan_assembly.measured_series import assets_looked_at, measured_wh
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.quarter_prices import quarter_prices
from kwartier.service.session_outlooks.account import SessionAccount, Surroundings, session_account
from kwartier.service.session_outlooks.connection import Connection, connection_of
from kwartier.site.document import Site, SiteConfiguration
from kwartier.site.metering.quarter_energy import LARGEST_GAP_S, QuarterEnergies, quarter_energies
from kwartier.units.quarter_hour import QUARTER_S, quarter_start_s

FloatArray = npt.NDArray[np.float64]
MICROSECONDS = 1_000_000


class MeasuredSessions:
    """The accounts of sessions that began at `from_s` or later, up to `at_s`, epoch seconds.

    Each asset is read once, when a session needs it; what has a price is told by the contract and the sheets.
    """

    def __init__(self, partner_id: str, site: Site, from_s: float, at_s: float, *, ports: Ports) -> None:
        self._partner_id, self._site, self._ports = partner_id, site, ports
        self._from_s, self._at_s = quarter_start_s(from_s), at_s
        self._surroundings: dict[str, Surroundings] = {}

    def account(self, pole: str, start_s: float, stop_s: float | None) -> SessionAccount:
        """What a session took from its start, or from the first moment looked at, to its end or now."""
        begins_s, ends_s = max(start_s, float(self._from_s)), min(stop_s or self._at_s, self._at_s)
        connection = connection_of(self._configuration, pole)
        if connection is None or ends_s <= begins_s:
            return SessionAccount(0.0, 0.0, None, None)
        first_s = quarter_start_s(begins_s)
        # Only what was read while the car was there: a quarter-hour may hold the end of one and the start of another.
        taken = self._read(pole, begins_s, ends_s, first_s)
        skipped = (first_s - self._from_s) // QUARTER_S
        around = self._around(connection)
        here = slice(skipped, skipped + len(taken.start_s))
        return session_account(
            taken.energy_wh,
            Surroundings(
                around.net_wh[here],
                around.sun_wh[here],
                around.discharged_wh[here],
                around.offtake_eur_per_mwh[here],
                around.injection_eur_per_mwh[here],
            ),
        )

    @property
    def _configuration(self) -> SiteConfiguration:
        return self._site.planned_configuration

    def _around(self, connection: Connection) -> Surroundings:
        if connection.root not in self._surroundings:
            self._surroundings[connection.root] = self._surroundings_of(connection)
        return self._surroundings[connection.root]

    def _surroundings_of(self, connection: Connection) -> Surroundings:
        nothing = np.zeros_like(self._start_s)
        sun_wh, discharged_wh = nothing.copy(), nothing.copy()
        for roof in connection.roofs:
            given_wh = measured_wh(roof, self._configuration, self._quarters)
            sun_wh += np.maximum(0.0, -np.nan_to_num(given_wh)) if given_wh is not None else 0.0
        for battery in connection.batteries:
            if battery in self._quarters:
                discharged_wh += np.maximum(0.0, -np.nan_to_num(self._quarters[battery].energy_wh))
        net = self._quarters.get(connection.root)
        unknown = np.full_like(self._start_s, np.nan)
        prices = quarter_prices(self._partner_id, self._site, self._start_s, prices=self._ports.prices)
        return Surroundings(
            unknown if net is None else net.energy_wh,
            sun_wh,
            discharged_wh,
            unknown if prices is None else prices.offtake_eur_per_mwh,
            unknown if prices is None else prices.injection_eur_per_mwh,
        )

    @cached_property
    def _start_s(self) -> FloatArray:
        return np.arange(self._from_s, self._at_s, QUARTER_S, dtype=np.float64)

    @cached_property
    def _quarters(self) -> dict[str, QuarterEnergies]:
        known = {
            one.asset_id for one in self._ports.measurements.list_assets(self._partner_id, self._site.site_id)
        }
        batteries = {
            name
            for device in self._configuration.device_list
            for name in (getattr(connection_of(self._configuration, device.name), "batteries", ()))
        }
        wanted = (assets_looked_at(self._configuration) | batteries) & known
        return {
            name: self._read(name, self._from_s - LARGEST_GAP_S, self._at_s, self._from_s) for name in wanted
        }

    def _read(self, asset_id: str, since_s: float, until_s: float, first_s: float) -> QuarterEnergies:
        span = Span(int(since_s * MICROSECONDS), int(until_s * MICROSECONDS) + 1)
        readings = self._ports.measurements.readings(self._partner_id, self._site.site_id, asset_id, span)
        return quarter_energies(readings, first_s, until_s, asset_rating_w(self._site, asset_id))
