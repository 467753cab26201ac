"""What a session is taken to be before anything is known of the site's own.

The quantiles at `LEVELS` of stay and energy of public sessions (docs/forecasting.md): with alternating current the mean
of a Norwegian garage's, Dundee's public posts' and an American workplace's quantiles; with direct current Dundee's.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class DefaultSession:
    """Stay (hours) and energy (Wh) as quantiles, one per entry of `LEVELS`."""

    stay_h: tuple[float, ...]
    energy_wh: tuple[float, ...]


AC_SESSION = DefaultSession((1.2, 2.4, 5.8, 11.5, 15.3), (2_500.0, 4_500.0, 7_400.0, 11_300.0, 16_700.0))
DC_SESSION = DefaultSession((0.14, 0.24, 0.38, 0.55, 0.74), (3_200.0, 5_600.0, 9_600.0, 14_300.0, 18_800.0))
