"""Where the figures of a tariff file come from."""

from datetime import date

from kwartier.units.wire import WireModel


class Source(WireModel):
    """A document that figures were read in, and the day somebody read them."""

    title: str
    url: str | None = None
    retrieved: date
