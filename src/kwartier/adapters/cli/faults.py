"""What stops a command, and the exit code that each of these has; everything else is a fault of kwartier itself."""

from enum import IntEnum

from kwartier.adapters.site_data.unusable import UnusableData
from kwartier.units.json_text import UnreadableJson


class ExitCode(IntEnum):
    """What a command says to the program that called it."""

    FINE = 0
    FINDINGS = 1  # the document has errors, or the plan violations
    BAD_USAGE = (
        2  # an unknown file or option, or a text that is not JSON; the command line's parser uses it too
    )
    OWN_FAULT = 3  # a mistake in kwartier
    UNAVAILABLE = 4  # the database does not answer, or is full; the same command may work later


class UnreadableFile(Exception):
    """A file that cannot be read; the message names it and the next step."""


class UnwritableFile(Exception):
    """A file, or standard output, that cannot be written; the message names it and the next step."""


class WrongUsage(Exception):
    """Arguments that contradict each other; the message says which and the next step."""


FAULTS: dict[type[Exception], ExitCode] = {
    UnreadableJson: ExitCode.BAD_USAGE,
    UnreadableFile: ExitCode.BAD_USAGE,
    UnwritableFile: ExitCode.BAD_USAGE,
    WrongUsage: ExitCode.BAD_USAGE,
    UnusableData: ExitCode.BAD_USAGE,
}
"""Every exception that ends a command with one line on standard error. Findings are no exceptions: they are shown."""
