"""A crash leaves no core (reliability.md, R48)."""

import os
import resource
import sys
from pathlib import Path

import pytest

PROGRAM = """
import ctypes, os, resource, signal, sys
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
secret = "-".join(["canary", "of", "the", "core"])
if sys.argv[1] == "none":
    from kwartier.app.no_core import leave_no_core
    leave_no_core()
    assert ctypes.CDLL(None).prctl(3) == 0  # PR_GET_DUMPABLE, linux/prctl.h
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
os.kill(os.getpid(), getattr(signal, sys.argv[2]))
"""
PATTERN = Path("/proc/sys/kernel/core_pattern").read_text(encoding="ascii").strip()


def crashed(folder: Path, core: str, signal_name: str) -> tuple[bool, list[Path]]:
    """Whether the kernel wrote a core of a process that crashed in this folder, and what lies there then."""
    arguments = [sys.executable, "-c", PROGRAM, core, signal_name]
    here = Path.cwd()
    os.chdir(folder)
    try:
        pid = os.posix_spawn(sys.executable, arguments, os.environ)
    finally:
        os.chdir(here)
    status = os.waitpid(pid, 0)[1]
    assert os.WIFSIGNALED(status)
    return os.WCOREDUMP(status), list(folder.iterdir())


@pytest.mark.parametrize("signal_name", ["SIGSEGV", "SIGABRT"])
def test_a_process_that_crashes_leaves_no_core(tmp_path: Path, signal_name: str) -> None:
    assert crashed(tmp_path, "none", signal_name) == (False, [])


def test_without_it_the_secret_would_lie_on_the_disk(tmp_path: Path) -> None:
    is_dumped, left = crashed(tmp_path, "one", "SIGSEGV")
    # Where the machine allows none at all, or hands cores to a program, there is nothing to see here.
    may_write = resource.getrlimit(resource.RLIMIT_CORE)[1] != 0 and "/" not in PATTERN and "|" not in PATTERN
    assert is_dumped or not may_write
    assert [b"canary-of-the-core" in core.read_bytes() for core in left] == [True] * may_write
