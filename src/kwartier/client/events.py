"""What happens at a site, as it happens."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kwartier.client.call import Call, Stream, nothing


@dataclass(frozen=True)
class SiteEvent:
    """An event: `event_number` counts those of the site; pass the last one seen as `after_number` to miss nothing."""

    event_number: int
    kind: str
    content: Mapping[str, Any]


def of_site(site_id: str, *, after_number: int | None = None) -> Stream[SiteEvent]:
    """Plans made and validation changed, from now on, or from behind an event on; without an end."""
    call = Call(
        "GET",
        "/v1/sites/{site_id}/events",
        read=nothing,
        ids={"site_id": site_id},
        headers={} if after_number is None else {"Last-Event-ID": str(after_number)},
    )
    return Stream(call, EventReader)


@dataclass
class EventReader:
    """Reads server-sent events (WHATWG HTML, section 9.2) line by line."""

    _fields: dict[str, str] = field(default_factory=dict)

    def read(self, line: str) -> SiteEvent | None:
        """The event that an empty line ends.

        >>> reader = EventReader()
        >>> [reader.read(line) for line in ("id: 7", "event: plan_made", "data: {}", "")][-1]
        SiteEvent(event_number=7, kind='plan_made', content={})
        """
        if line:
            name, _, value = line.partition(":")
            self._fields[name] = value.removeprefix(" ")
            return None
        fields, self._fields = self._fields, {}
        if "data" not in fields:
            return None
        return SiteEvent(int(fields["id"]), fields["event"], json.loads(fields["data"]))
