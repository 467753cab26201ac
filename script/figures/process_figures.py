"""What the kernel says about a process (proc(5))."""

import os
from pathlib import Path


def processor_s(pid: int) -> float:
    """The processor time that a process has used, s; raises FileNotFoundError where it is gone."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes that a process has started and not reaped."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(number) for one in listed for number in one.read_text(encoding="ascii").split()]
