"""What the broker's log tells: into our log, and what it refused into the figures."""

import re

import structlog

from kwartier.adapters.mqtt.figures import MqttFigures

log = structlog.get_logger("kwartier.mqtt.broker")

# Words of Mosquitto 2.0's lines about what it refused, and the kind under which it is counted.
REFUSALS = {
    "not authorised": "login",
    "denied": "publish",
}
# The topic `errors`, in the line about a subscription to it, is none.
ERROR = re.compile(r"\berror\b", re.IGNORECASE)


# Who sent what to which topic; the rest of the line has the message's number, which differs each time.
_DENIED = re.compile(r"Denied PUBLISH from (.*) \(.*?, '(.*)', ")
# So many senders of what is denied are remembered; then all are told of anew.
MOST_REMEMBERED_COUNT = 1_000


class BrokerLog:
    """Hears each line of the broker's log."""

    def __init__(self, figures: MqttFigures) -> None:
        self._figures = figures
        self._told: set[tuple[str, ...]] = set()

    def heard(self, line: str) -> None:
        """Count and log what was refused or is wrong; the rest is for those who look for a fault."""
        kind = next((kind for words, kind in REFUSALS.items() if words in line.lower()), None)
        if kind is not None:
            self._figures.broker_refusals.labels(kind).inc()
            if self._is_new(line):
                log.warning("refused", kind=kind, line=line)
        elif ERROR.search(line):
            log.error("broker", line=line)
        else:
            log.debug("broker", line=line)

    def _is_new(self, line: str) -> bool:
        """Whether it is not just the next message of a client to a topic that is not its own."""
        denied = _DENIED.search(line)
        if denied is None:
            return True
        if denied.groups() in self._told:
            return False
        if len(self._told) >= MOST_REMEMBERED_COUNT:
            self._told.clear()
        self._told.add(denied.groups())
        return True
