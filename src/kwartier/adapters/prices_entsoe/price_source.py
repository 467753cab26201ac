"""`EntsoePrices`: day-ahead prices (document A44, article 12.1.D) from the ENTSO-E transparency platform."""

from datetime import UTC, date

import httpx

from kwartier.adapters.outbound.bounded_get import Answer, NoAnswer, TooLarge, bounded_get
from kwartier.adapters.prices_entsoe.document import Unreadable, read_document
from kwartier.service.ports.price_source import (
    Fetched,
    NotYetPublished,
    Refused,
    SourceAnswer,
    Unreachable,
)
from kwartier.tariffs.day_ahead.market_day import day_end, day_start

ADDRESS = "https://web-api.tp.entsoe.eu/api"

# Zones where a second auction stands beside the common one, which is sequence 1 (as entsoe-py 0.8 has it).
_ZONES_WITH_SEQUENCES = {"DE_LU", "AT"}


class EntsoePrices:
    """A `PriceSource`. Zones bear entsoe-py's names (BE, NL, DE_LU); the key is the platform's security token."""

    name = "transparency.entsoe.eu"

    def __init__(
        self, api_key: str, *, address: str = ADDRESS, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._api_key = api_key
        self._address = address
        self._transport = transport

    def fetch(self, bidding_zone: str, day: date) -> SourceAnswer:
        """What it says of a market day."""
        parameters = self._parameters(bidding_zone, day)
        if parameters is None:
            return Refused(f"entsoe-py knows no bidding zone {bidding_zone!r}; write one such as BE or DE_LU")
        match bounded_get(self._address, parameters, transport=self._transport):
            case NoAnswer(reason):
                return Unreachable(reason)
            case TooLarge(limit_bytes):
                return Refused(f"its answer has more than {limit_bytes:,} bytes")
            case Answer(status_code) if status_code >= 500:
                return Unreachable(f"it answers with status {status_code}")
            case Answer(401 | 403):
                return Refused("it does not accept the key: set KWARTIER_ENTSOE_API_KEY to a valid one")
            case Answer(status_code, body):
                return _read(status_code, body, bidding_zone, day)

    def _parameters(self, bidding_zone: str, day: date) -> dict[str, str] | None:
        """The query as the platform's guide has it (section 4.2.10); None for a zone that is none."""
        from entsoe.mappings import Area  # it brings pandas along, which only those with a key need

        if bidding_zone not in Area.__members__:
            return None
        domain = str(Area[bidding_zone].value)
        begins, ends = (
            moment.astimezone(UTC).strftime("%Y%m%d%H%M") for moment in (day_start(day), day_end(day))
        )
        sequence = {"classificationSequence_AttributeInstanceComponent.position": "1"}
        return {
            "documentType": "A44",
            "in_Domain": domain,
            "out_Domain": domain,
            "contract_MarketAgreement.type": "A01",
            "periodStart": begins,
            "periodEnd": ends,
            "securityToken": self._api_key,
            **(sequence if bidding_zone in _ZONES_WITH_SEQUENCES else {}),
        }


def _read(status_code: int, body: bytes, bidding_zone: str, day: date) -> SourceAnswer:
    text = body.decode("utf-8", errors="replace")
    if "No matching data found" in text:  # in an acknowledgement, of status 200 or 400
        return NotYetPublished()
    if status_code != 200:
        return Refused(f"it answers with status {status_code}")
    delivery = read_document(text, bidding_zone, day)
    if isinstance(delivery, Unreadable):
        return Refused(delivery.why)
    return Fetched(delivery) if delivery.points else NotYetPublished()
