"""A process that crashes leaves no image of its memory, in which its secrets would stand (reliability.md, R48)."""

import ctypes
import os
import resource

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def leave_no_core() -> None:
    """Have the kernel write no core of this process, whatever its limits were, nor hand one to a program.

    Both, because the limit counts for files only: where `core_pattern` is a pipe (systemd-coredump, apport) it is
    ignored, and only a process that is not dumpable leaves nothing (core(5), «Piping core dumps to a program»). Since
    the process is not dumpable, nobody but root may look into its memory, its environment or its open files either. A
    program that it starts inherits the limit, and is dumpable again.

    Raises OSError where the kernel refuses.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        error_number = ctypes.get_errno()
        raise OSError(error_number, f"prctl: {os.strerror(error_number)}")
