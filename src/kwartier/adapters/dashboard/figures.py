"""Numbers as people read them: each with its unit, in the decimals and signs of the language."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kwartier.adapters.dashboard.catalogue import Words

# Between a number and its unit (ISO 80000-1, section 7.1.4), and for what is negative.
THIN, MINUS, UNKNOWN = "\N{NARROW NO-BREAK SPACE}", "\N{MINUS SIGN}", "\N{EN DASH}"
GROUP_BY_LANGUAGE = {"en": ",", "nl": ".", "de": ".", "fr": THIN}


@dataclass(frozen=True)
class Figures:
    """Writes numbers and moments for one reader, moments in the zone of the site; None is written as a dash."""

    words: Words
    zone: ZoneInfo

    def number(self, size: float | None, decimals_count: int = 0) -> str:
        """`−1 234,5` for a French reader; what rounds to zero has no sign."""
        if size is None:
            return UNKNOWN
        text = f"{abs(size):,.{decimals_count}f}"
        sign = MINUS if size < 0 and float(text.replace(",", "")) != 0 else ""
        if self.words.language != "en":
            text = (
                text.replace(".", ";").replace(",", GROUP_BY_LANGUAGE[self.words.language]).replace(";", ",")
            )
        return sign + text

    def _with_unit(self, value: float | None, decimals_count: int, unit: str) -> str:
        return UNKNOWN if value is None else f"{self.number(value, decimals_count)}{THIN}{unit}"

    def power(self, power_w: float | None) -> str:
        """In kW, to 100 W."""
        return self._with_unit(None if power_w is None else power_w / 1000.0, 1, "kW")

    def energy(self, energy_wh: float | None) -> str:
        """In kWh, to 100 Wh."""
        return self._with_unit(None if energy_wh is None else energy_wh / 1000.0, 1, "kWh")

    def current(self, current_a: float | None) -> str:
        """In A, to a tenth below ten."""
        return self._with_unit(current_a, int(current_a is not None and 0.05 <= abs(current_a) < 9.95), "A")

    def percent(self, percent: float | None) -> str:
        """In whole percent."""
        return self._with_unit(percent, 0, "%")

    def money(self, amount_eur: float | None) -> str:
        """In euro, to the cent."""
        return self._with_unit(amount_eur, 2, "€")

    def price(self, price_eur_per_mwh: float | None) -> str:
        """In euro per MWh."""
        return self._with_unit(price_eur_per_mwh, 0, "€/MWh")

    def clock(self, moment: datetime | None) -> str:
        """«07:45»."""
        return UNKNOWN if moment is None else f"{moment.astimezone(self.zone):%H:%M}"

    def day_clock(self, moment: datetime | None, now: datetime) -> str:
        """«07:45», with the day where it is not today: «Tue 07:45»."""
        if moment is None:
            return UNKNOWN
        local, today = moment.astimezone(self.zone), now.astimezone(self.zone)
        return self.clock(moment) if local.date() == today.date() else f"{self.weekday(moment)} {local:%H:%M}"

    def weekday(self, moment: datetime) -> str:
        """«Tue»."""
        return self.words(f"day.{moment.astimezone(self.zone).weekday()}")

    def age(self, age: timedelta | None) -> str:
        """How long ago: «12 s», «3 min», «5 h», «2 d»."""
        if age is None:
            return UNKNOWN
        seconds = max(0, int(age.total_seconds()))
        for length_s, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
            if seconds >= length_s:
                return f"{seconds // length_s}{THIN}{unit}"
        return f"{seconds}{THIN}s"
