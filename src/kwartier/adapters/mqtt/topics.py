"""The topics: who is meant by one, and what a client of a partner may do with them (contract.md, section 4)."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from kwartier.site.connections import connections_of

# `Site.connections` gives the same topics; this is what all of them begin with.
ROOT = "kwartier"
_INCOMING = re.compile(r"kwartier/([a-z0-9]{1,64})/([a-zA-Z0-9_-]{1,64})/(measurements|transactions)")
# kwartier/, a partner's and a site's name of 64 characters each, and the last part: no message for us comes on a
# longer one. The longest that goes out is that of a setpoint: 2,549 bytes, where a name of 200 characters has 12 for
# each. MQTT itself ends at 65,535 (MQTT 5, section 1.5.4).
LONGEST_INCOMING_LENGTH = len("kwartier/") + 64 + len("/") + 64 + len("/measurements")
# What a topic's level cannot hold, and % itself, which the others are written with (MQTT 5, section 4.7). Control
# characters and what is no character make a broker hang up on the sender (section 1.5.4).
_NO_CHARACTERS = "".join(chr(plane | 0xFFFE) + chr(plane | 0xFFFF) for plane in range(0, 0x11_0000, 0x1_0000))
_UNFIT = re.compile(rf"[%/+#$\x00-\x1f\x7f-\x9f\ufdd0-\ufdef{_NO_CHARACTERS}]")


@dataclass(frozen=True)
class Place:
    """The site that a topic names. Only the broker's access list says that the sender may speak for it."""

    partner_id: str
    site_id: str

    def topic(self, purpose: str) -> str:
        """The topic of this site for a purpose, a key of `Site.connections`."""
        return connections_of(self.partner_id, self.site_id)[purpose]


def place_of(topic: str) -> Place | None:
    """The site that an incoming topic names; None where it is no topic of ours.

    >>> place_of("kwartier/k7c2m9x4qwer/hall/measurements")
    Place(partner_id='k7c2m9x4qwer', site_id='hall')
    """
    found = _INCOMING.fullmatch(topic)
    return None if found is None else Place(found[1], found[2])


def setpoint_topic(partner_id: str, site_id: str, asset_id: str) -> str:
    """The topic of a device's setpoints; what a topic's level cannot hold is written as %2F and the like.

    >>> setpoint_topic("k7c2m9x4qwer", "hall", "pole 1/left")
    'kwartier/k7c2m9x4qwer/hall/setpoints/pole 1%2Fleft'
    """
    level = _UNFIT.sub(lambda found: quote(found[0], safe=""), asset_id)
    return Place(partner_id, site_id).topic("setpoints").replace("{asset_id}", level)


def status_topic(client_id: str) -> str:
    """Where a service says whether it is there; the broker says so for it when the connection breaks."""
    return f"{ROOT}/status/{client_id}"


def incoming_filter(purpose: str, *, group: str | None) -> str:
    """What a service subscribes to, for all sites of all partners; with a group they share the load (MQTT 5, 4.8.2).

    >>> incoming_filter("measurements", group="kwartier")
    '$share/kwartier/kwartier/+/+/measurements'
    """
    everyone = f"{ROOT}/+/+/{purpose}"
    return everyone if group is None else f"$share/{group}/{everyone}"
