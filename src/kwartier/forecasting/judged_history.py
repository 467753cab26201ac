"""What of a history can be believed, and what is wrong with it: findings, all at once.

What can't be true becomes unknown; nothing is made up in its place. Paths begin at the series ($).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kwartier.forecasting.power_history import BoolArray, FloatArray, PowerHistory
from kwartier.site.finding import Finding
from kwartier.units.instant import format_instant
from kwartier.units.quarter_hour import QUARTER_S, from_epoch_s

DAY_QUARTERS_COUNT = 96
# Instruments err by some percent and ratings are passed a little; as site/metering/counter.py has it.
RATING_FACTOR = 1.2
# Without a rating: a unit mistake is a thousandfold, the highest peak of the public series 70 times their median.
MEDIAN_FACTOR = 200.0
# The largest connections, as site/measurement.py has it.
LARGEST_W = 1e9
# A profile shrugs off a false quarter-hour a day; more says that the source is wrong.
TOLERATED_RATIO = 0.01
# An error lasts some hours (persistence.py): after three the forecast has lost touch.
FRESH_S = 3 * 3600
# forecasting.md: one week of own data gives nearly all the skill.
LEARNED_S = 7 * 86_400
LEAST_KNOWN_RATIO = 0.5
FLAT_QUARTERS_COUNT = DAY_QUARTERS_COUNT


@dataclass(frozen=True)
class JudgedHistory:
    """A history that holds what can be believed only, and the findings about the rest."""

    history: PowerHistory
    findings: tuple[Finding, ...]

    @property
    def is_known(self) -> BoolArray:
        """Which quarter-hours are known, shape (n,)."""
        return ~np.isnan(self.history.power_w)


def judged_history(history: PowerHistory, at_s: float, days: int, rating_w: float | None) -> JudgedHistory:
    """The last days of a history before `at_s`, judged; `rating_w` is the most that the series can take or give."""
    recent = history.before(at_s).since(at_s - days * 86_400)
    is_finite = np.isfinite(recent.power_w)
    findings = [*_not_finite(recent), *_not_plausible(recent, is_finite, rating_w)]
    is_believed = is_finite & _is_plausible(recent.power_w, is_finite, rating_w)
    believed_w = np.where(is_believed, recent.power_w, np.nan)
    if is_flat_at_end(believed_w):
        findings.append(flat_finding(believed_w))
        believed_w = without_flat_end_w(believed_w)
    believed = PowerHistory(recent.first_s, believed_w)
    return JudgedHistory(believed, (*findings, *_lacks(believed, at_s)))


def is_flat_at_end(power_w: FloatArray) -> bool:
    """Whether the known values end in a day or more of one that was rare before, as a meter that is stuck sends it."""
    known_w = power_w[~np.isnan(power_w)]
    differs = np.flatnonzero(known_w != known_w[-1]) if len(known_w) else known_w
    before_count = int(differs[-1]) + 1 if len(differs) else 0
    if before_count < DAY_QUARTERS_COUNT or len(known_w) - before_count < FLAT_QUARTERS_COUNT:
        return False
    return bool(np.mean(known_w[:before_count] == known_w[-1]) < TOLERATED_RATIO)


def without_flat_end_w(power_w: FloatArray) -> FloatArray:
    """The same values, those of the flat end unknown."""
    last_w = power_w[np.flatnonzero(~np.isnan(power_w))[-1]]
    differs = np.flatnonzero(~np.isnan(power_w) & (power_w != last_w))
    kept = np.arange(len(power_w)) <= (differs[-1] if len(differs) else -1)
    return np.where(kept, power_w, np.nan)


def flat_finding(power_w: FloatArray) -> Finding:
    """The finding about a flat end."""
    last_w = float(power_w[np.flatnonzero(~np.isnan(power_w))[-1]])
    return _finding(
        "history_flat",
        f"for a day or more every quarter-hour has {last_w:g} W; those are not used: see whether the meter is stuck",
        f"{last_w:g} W",
        "values that vary, as they did before",
    )


def _is_plausible(power_w: FloatArray, is_finite: BoolArray, rating_w: float | None) -> BoolArray:
    return np.abs(np.where(is_finite, power_w, 0.0)) <= _largest_w(power_w[is_finite], rating_w)


def _largest_w(finite_w: FloatArray, rating_w: float | None) -> float:
    if rating_w is not None:
        return rating_w * RATING_FACTOR
    taken_w = np.abs(finite_w[finite_w != 0.0])
    return min(LARGEST_W, float(np.median(taken_w)) * MEDIAN_FACTOR) if len(taken_w) else 0.0


def _not_finite(history: PowerHistory) -> Iterator[Finding]:
    count = int(np.count_nonzero(np.isinf(history.power_w)))
    if count:
        yield _finding(
            "history_not_finite",
            f"{count} quarter-hours hold no number and are not used; correct what sends them",
            count,
            0,
        )


def _not_plausible(history: PowerHistory, is_finite: BoolArray, rating_w: float | None) -> Iterator[Finding]:
    wrong = is_finite & ~_is_plausible(history.power_w, is_finite, rating_w)
    if np.count_nonzero(wrong) > TOLERATED_RATIO * np.count_nonzero(is_finite):
        seen_w = float(np.max(np.abs(history.power_w[wrong])))
        largest_w = _largest_w(history.power_w[is_finite], rating_w)
        yield _finding(
            "history_implausible",
            f"{np.count_nonzero(wrong)} quarter-hours reach {seen_w:g} W and are not used; correct the unit of the "
            "measurements or the rating",
            seen_w,
            f"at most {largest_w:g} W",
        )


def _lacks(history: PowerHistory, at_s: float) -> Iterator[Finding]:
    """What a history lacks to forecast well from it."""
    known = np.flatnonzero(~np.isnan(history.power_w))
    if not len(known):
        yield _finding("history_absent", "nothing is known of the series; send its measurements", 0, "a week")
        return
    first_s, end_s = (int(history.start_s[known[index]]) for index in (0, -1))
    end_s += QUARTER_S
    if at_s - end_s > FRESH_S:
        last = format_instant(from_epoch_s(end_s))
        yield _finding(
            "history_stale", f"nothing is known since {last}; see what keeps the meter", last, "3 h"
        )
    if at_s - first_s < LEARNED_S:
        days = round((at_s - first_s) / 86_400, 1)
        yield _finding("history_short", f"measured for {days} days; a week teaches the days", days, "7 days")
    known_ratio = len(known) * QUARTER_S / max(QUARTER_S, at_s - first_s)
    if known_ratio < LEAST_KNOWN_RATIO:
        yield _finding(
            "history_gaps",
            f"{known_ratio:.0%} of the quarter-hours are known; see why measurements do not come",
            round(known_ratio, 3),
            f"at least {LEAST_KNOWN_RATIO:.0%}",
        )


def _finding(rule: str, message: str, observed: float | str, allowed: float | str) -> Finding:
    return Finding(f"forecast.{rule}", "WARNING", "$", message, observed, allowed)
