"""How asking a worker process for a plan ended. Only `Answered` comes with the worker's own answer."""

import signal
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, assert_never

# The exit code of a worker that reached its memory cap in Python code; inside the solver it may be killed instead.
OUT_OF_MEMORY_EXIT_CODE = 12


class Stage(Enum):
    """What a planner was waiting for when the time was over."""

    FREE_WORKER = "every worker was busy"
    START = "its worker was still starting"
    PLAN = "its worker was still planning"


@dataclass(frozen=True)
class Answered:
    """The worker gave a plan, or said what is wrong with the request."""

    after_s: float


@dataclass(frozen=True)
class TimedOut:
    """The deadline came first; the worker was killed."""

    deadline_s: float
    stage: Stage


@dataclass(frozen=True)
class Died:
    """The worker ended without an answer: by itself with an exit code, or killed by a signal; the other is None."""

    exit_code: int | None
    signal_number: int | None


@dataclass(frozen=True)
class Garbage:
    """The worker wrote something that is no answer to the request; it was killed."""

    what: str


@dataclass(frozen=True)
class NotStarted:
    """The operating system refused to start a worker."""

    reason: str


Unanswered: TypeAlias = TimedOut | Died | Garbage | NotStarted
Outcome: TypeAlias = Answered | Unanswered


def died(return_code: int) -> Died:
    """The end of a process by its return code as `subprocess` has it: a signal's number is negative."""
    return Died(None, -return_code) if return_code < 0 else Died(return_code, None)


def why(outcome: Unanswered) -> str:
    """What kept the worker from answering, in words for the plan's warnings.

    >>> why(TimedOut(10.0, Stage.PLAN))
    'the optimiser gave no answer within 10 s (its worker was still planning)'
    """
    match outcome:
        case TimedOut(deadline_s, stage):
            return f"the optimiser gave no answer within {deadline_s:g} s ({stage.value})"
        case Died(_, int(signal_number)):
            return f"the optimiser's process was killed by {_signal_name(signal_number)}"
        case Died(exit_code, _) if exit_code == OUT_OF_MEMORY_EXIT_CODE:
            return "the optimiser needed more memory than it may have"
        case Died(exit_code, _):
            return f"the optimiser's process ended with exit code {exit_code}; its standard error says more"
        case Garbage(what):
            return f"the optimiser's answer could not be used: {what}"
        case NotStarted(reason):
            return f"the optimiser's process could not be started: {reason}"
        case _:
            assert_never(outcome)


def _signal_name(signal_number: int) -> str:
    try:
        return signal.Signals(signal_number).name
    except ValueError:  # real-time signals have numbers only
        return f"signal {signal_number}"
