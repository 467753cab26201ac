"""`kwartier serve` that kills itself: the arguments are a named moment and how often it passes before."""

import os
import signal
import sys

from kwartier.app.serve import serve
from kwartier.app.settings import load_settings

NAME, PASSES = sys.argv[1], int(sys.argv[2])
seen = 0


def crash(name: str) -> None:
    """Die at the named moment, as by a power cut of this process: nothing is cleaned up."""
    global seen  # noqa: PLW0603 - a process dies once
    if name == NAME:
        seen += 1
        if seen > PASSES:
            os.kill(os.getpid(), signal.SIGKILL)


serve(load_settings(), crash_points=crash)
