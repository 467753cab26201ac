"""Work that goes on by itself and must not end because one piece of it failed."""

from collections.abc import Callable
from typing import TypeVar

import structlog

from kwartier.service.faults import ServiceFault

T = TypeVar("T")

log = structlog.get_logger("kwartier.app")


def guarded(work: Callable[[], T], job: str, **said: str) -> T | None:
    """The work's answer; None where it failed, which is logged under the job's name: whoever asks, asks again later."""
    try:
        return work()
    except ServiceFault as fault:
        log.warning("job put off", job=job, reason=str(fault), **said)
    except Exception:  # whatever is left is a mistake of ours; the rest of the work goes on all the same
        log.exception("own fault", job=job, **said)
    return None
