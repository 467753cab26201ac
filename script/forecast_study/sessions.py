"""Predictions of stay and energy on public sessions, each from the sessions that were over when the car came."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from forecast_study.series import epoch_s
from forecast_study.walk import pinball_w

from kwartier.forecasting.charging_session import PastSession, PresentSession
from kwartier.forecasting.power_forecast import LEVELS
from kwartier.forecasting.power_history import FloatArray
from kwartier.forecasting.session_forecast import forecast_session

# Shorter and smaller ones are plugs that did not hold.
LEAST_STAY_S, LEAST_ENERGY_WH = 120, 100
LEAST_SESSIONS_COUNT = {"Norway": 300, "workplace": 150, "Dundee AC": 1_200, "Dundee DC": 3_000}
# The first hundred teach; of what lies further back than 1,500 little is left.
FIRST, MOST_PAST = 100, 1_500


@dataclass(frozen=True)
class StudySite:
    """The sessions of a site in the order of arrival."""

    name: str
    group: str
    sessions: list[PastSession]
    zone: str
    country: str
    is_dc: bool = False


@dataclass(frozen=True)
class SessionSkill:
    """How much lower the pinball loss is than that of the quantiles of all the site's sessions before, and the hits."""

    sessions_count: int
    stay_percent: float
    energy_percent: float
    left_before_p10_percent: float
    energy_inside_percent: float


def load_sites(folder: Path) -> Iterator[StudySite]:
    """The sites with enough sessions."""
    garages = pd.read_parquet(folder / "sessions/norway_residential_sessions.parquet")
    yield from _sites(garages, "Norway", None, "Europe/Oslo", "NO")
    work = pd.read_csv(
        folder / "sessions/us_workplace_sessions.csv", parse_dates=["arrival_utc", "departure_utc"]
    )
    yield from _sites(work, "workplace", "vehicle_id", "UTC", "US")
    posts = pd.read_parquet(folder / "sessions/dundee_public_chargers.parquet")
    posts = posts[posts.flag != "longer_than_72h"]
    yield from _sites(posts[posts.kind == "AC"], "Dundee AC", None, "Europe/London", "GB")
    yield from _sites(posts[posts.kind != "AC"], "Dundee DC", None, "Europe/London", "GB")


def _sites(
    sessions: pd.DataFrame, group: str, badge: str | None, zone: str, country: str
) -> Iterator[StudySite]:
    stay_s = epoch_s(sessions.departure_utc) - epoch_s(sessions.arrival_utc)
    whole = sessions[(stay_s >= LEAST_STAY_S) & (sessions.energy_wh >= LEAST_ENERGY_WH)]
    for site, found in whole.sort_values("arrival_utc").groupby("site"):
        if len(found) < LEAST_SESSIONS_COUNT[group]:
            continue
        badges = [None] * len(found) if badge is None else found[badge].astype(str)
        columns = (found.charger_id.astype(str), badges, epoch_s(found.arrival_utc))
        told = zip(*columns, epoch_s(found.departure_utc), found.energy_wh.astype(float), strict=True)
        past = [PastSession(*one) for one in told]
        yield StudySite(str(site).split(",", maxsplit=1)[0], group, past, zone, country, group == "Dundee DC")


def skill(site: StudySite, stride: int) -> SessionSkill | None:
    """Every so many sessions of a site at the moment the car comes; None where too little was over by then."""
    rows = []
    for number in range(FIRST, len(site.sessions), stride):
        came = site.sessions[number]
        past = [
            one for one in site.sessions[max(0, number - MOST_PAST) : number] if one.stop_s <= came.start_s
        ]
        if len(past) >= FIRST // 2:
            rows.append(_losses(came, past, site))
    if not rows:
        return None
    stay, naive_stay, energy, naive_energy, early, inside = np.mean(rows, axis=0)
    return SessionSkill(
        len(rows),
        100 * (1 - stay / naive_stay),
        100 * (1 - energy / naive_energy),
        100 * early,
        100 * inside,
    )


def _losses(came: PastSession, past: list[PastSession], site: StudySite) -> tuple[float, ...]:
    present = PresentSession(came.pole, came.badge, came.start_s, came.start_s, is_dc=site.is_dc)
    made = forecast_session(present, past, ZoneInfo(site.zone), site.country)
    stay_s, energy_wh = came.stop_s - came.start_s, came.energy_wh or 0.0
    made_stay_s = np.array(made.departure_s) - came.start_s
    return (
        _loss(stay_s, made_stay_s),
        _loss(stay_s, np.quantile([one.stop_s - one.start_s for one in past], LEVELS)),
        _loss(energy_wh, np.array(made.energy_wh)),
        _loss(energy_wh, np.quantile([one.energy_wh or 0.0 for one in past], LEVELS)),
        float(came.stop_s < made.planned_departure_s),
        float(made.energy_wh[0] <= energy_wh <= made.energy_wh[-1]),
    )


def _loss(came: float, quantiles: FloatArray) -> float:
    return float(pinball_w(np.array([came]), quantiles[:, None])[0])
