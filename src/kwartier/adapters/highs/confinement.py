"""A worker process bounds itself before it loads the solver: it dies with its parent, and has a memory cap.

Linux only, like the package. The parent kills by deadline; these bounds hold also where nobody watches.
"""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_PR_SET_PDEATHSIG = 1  # linux/prctl.h

# When the machine runs out of memory the kernel takes the worker before the service (proc(5): -1000 to 1000).
_OUT_OF_MEMORY_SCORE = 500


def confine(memory_bytes: int, parent_process_number: int) -> None:
    """Bind this process to its parent and to so much address space; ends it where the parent is gone already."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Ctrl-C and a service manager's stop are for the parent, which may want its last plans.
        signal.signal(ignored, signal.SIG_IGN)
    _die_with_parent(parent_process_number)
    resource.setrlimit(
        resource.RLIMIT_CORE, (0, 0)
    )  # writing a core would delay the end, and holds the request
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    cap = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (cap, cap))
    with suppress(OSError):  # some containers have this file read-only; then the kernel chooses by itself
        Path("/proc/self/oom_score_adj").write_text(str(_OUT_OF_MEMORY_SCORE), encoding="ascii")


def _die_with_parent(parent_process_number: int) -> None:
    """Ask for SIGKILL at the parent's end; a parent that ended before this is seen by its number."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        error_number = ctypes.get_errno()
        raise OSError(error_number, f"prctl: {os.strerror(error_number)}")
    if os.getppid() != parent_process_number:
        sys.exit(0)


def private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Requests in, answers out; what anything else prints from now on goes to standard error."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(requests, "rb"), os.fdopen(answers, "wb")
