"""The port to sudden death: named moments at which a test kills the process, and which otherwise do nothing."""

from collections.abc import Callable
from typing import Literal

CrashPoint = Literal[
    "request_read",  # the body is here, nothing is judged
    "rows_accepted",  # judged, and not yet handed to the store
    "group_written",  # in a transaction that is not committed
    "group_committed",  # durable, and nobody has been told
    "answer_ready",  # the answer is made, and not sent
]
CrashPoints = Callable[[CrashPoint], None]


def no_crash(_: CrashPoint) -> None:
    """Nothing happens: what a deployment uses."""
