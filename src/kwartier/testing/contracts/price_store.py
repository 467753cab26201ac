"""What a store of day-ahead prices promises."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.testing.contracts.examples import MONDAY, TUESDAY, a_partner
from kwartier.testing.contracts.promises import Promises, Stores

PRICE_STORE = Promises()

DAY = date(2026, 3, 3)
LATER = TUESDAY + timedelta(hours=1)


def a_price_day(day: date = DAY, known_at: datetime = MONDAY, *, first_eur_per_mwh: float = 50.0) -> PriceDay:
    """A day whose first price is told apart; one price has all the digits that a double has."""
    prices_eur_per_mwh = (first_eur_per_mwh, 0.1 + 0.2, *(50.0,) * 94)
    return PriceDay("BE", day, "PT15M", prices_eur_per_mwh, known_at, "exchange")


@PRICE_STORE
def prices_are_read_back_as_they_were_stored(stores: Stores) -> None:
    """To the last bit of each price."""
    partner = a_partner(stores)
    stores.prices.keep(partner.partner_id, [a_price_day()])
    assert stores.prices.list_days(partner.partner_id, "BE", DAY, DAY) == [a_price_day()]


@PRICE_STORE
def only_the_days_and_the_zone_that_are_asked_for_come_in_order(stores: Stores) -> None:
    """Both bounds count."""
    partner_id = a_partner(stores).partner_id
    days = [a_price_day(DAY + timedelta(days=number)) for number in range(4)]
    stores.prices.keep(partner_id, days[::-1])
    stores.prices.keep(partner_id, [replace(days[1], bidding_zone="NL")])
    assert stores.prices.list_days(partner_id, "BE", days[1].day, days[2].day) == days[1:3]
    assert stores.prices.list_days(partner_id, "FR", DAY, days[3].day) == []


@PRICE_STORE
def a_correction_is_kept_beside_what_was_known_before(stores: Stores) -> None:
    """Each moment has its version; before the first there is none."""
    partner_id = a_partner(stores).partner_id
    first, second = a_price_day(), a_price_day(known_at=TUESDAY, first_eur_per_mwh=7.0)
    stores.prices.keep(partner_id, [first])
    stores.prices.keep(partner_id, [second])
    for known_at, expected in ((None, second), (LATER, second), (TUESDAY, second), (MONDAY, first)):
        assert stores.prices.list_days(partner_id, "BE", DAY, DAY, known_at=known_at) == [expected]
    before = MONDAY - timedelta(seconds=1)
    assert stores.prices.list_days(partner_id, "BE", DAY, DAY, known_at=before) == []


@PRICE_STORE
def the_same_prices_again_are_no_new_version(stores: Stores) -> None:
    """They are known since the first time."""
    partner_id = a_partner(stores).partner_id
    stores.prices.keep(partner_id, [a_price_day()])
    stores.prices.keep(partner_id, [a_price_day(known_at=TUESDAY)])
    assert stores.prices.list_days(partner_id, "BE", DAY, DAY) == [a_price_day()]


@PRICE_STORE
def of_two_versions_of_one_moment_the_later_one_counts(stores: Stores) -> None:
    """Somebody who fills in history may correct it."""
    partner_id = a_partner(stores).partner_id
    stores.prices.keep(partner_id, [a_price_day()])
    stores.prices.keep(partner_id, [a_price_day(first_eur_per_mwh=7.0)])
    assert stores.prices.list_days(partner_id, "BE", DAY, DAY) == [a_price_day(first_eur_per_mwh=7.0)]


@PRICE_STORE
def what_is_filled_in_for_before_does_not_replace_what_is_known_now(stores: Stores) -> None:
    """It is what was known then."""
    partner_id = a_partner(stores).partner_id
    now, then = a_price_day(known_at=TUESDAY), a_price_day(first_eur_per_mwh=7.0)
    stores.prices.keep(partner_id, [now])
    stores.prices.keep(partner_id, [then])
    assert stores.prices.list_days(partner_id, "BE", DAY, DAY) == [now]
    assert stores.prices.list_days(partner_id, "BE", DAY, DAY, known_at=MONDAY) == [then]


@PRICE_STORE
def a_partner_has_prices_of_its_own(stores: Stores) -> None:
    """Another one's are none."""
    alpha, beta = a_partner(stores, "alpha"), a_partner(stores, "beta")
    stores.prices.keep(alpha.partner_id, [a_price_day()])
    assert stores.prices.list_days(beta.partner_id, "BE", DAY, DAY) == []
