"""The legal public holidays of a country."""

from datetime import date
from functools import lru_cache

ALPHA_2_LENGTH = 2


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a year in all of a country (ISO 3166-1 alpha-2); none for a country nobody has listed.

    For Belgium these are the ten of the law of 4 January 1974 (royal decree of 18 April 1974), and Easter Sunday and
    Whit Sunday, as the library has it; a Sunday is in no need of being a holiday.

    >>> date(2025, 4, 21) in public_holidays("BE", 2025)
    True
    """
    import holidays  # noqa: PLC0415  # 1 s and 12 MB that few need; its `country_holidays` takes 9 MB more

    of_country = getattr(holidays, country, None) if len(country) == ALPHA_2_LENGTH else None
    return frozenset() if of_country is None else frozenset(of_country(years=[year]))
