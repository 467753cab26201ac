"""Which process controls a partner's sites: one at a time, like a turn of planning (docs/decisions/0013).

Two processes that both control a site would each book devices at what they told them themselves, and neither would know
of the other's setpoints. So the control holds a lease with a fencing number; what it tells goes out in a transaction
that looks at the number: a process that was paused beyond its lease tells nobody anything (reliability.md, R53).
"""

from dataclasses import dataclass
from datetime import timedelta

# Renewed at half of it. After a crash another process, or the next one, controls so much later at most; setpoints in
# force hold for five minutes.
CONTROL_LEASE = timedelta(seconds=20)


@dataclass(frozen=True)
class ControlLease:
    """The right to tell the devices of a partner's sites what to do, as long as nobody has taken it over."""

    partner_id: str
    fence_number: int
