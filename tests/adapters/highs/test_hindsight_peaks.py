"""A past month is solved in a process of its own, at the lowest priority, and never for longer than it may take."""

import sys
from threading import Thread
from time import monotonic, sleep

import pytest

from kwartier.adapters.highs.frames import Frame, Kind
from kwartier.adapters.highs.hindsight_peaks import SupervisedHindsight
from kwartier.adapters.highs.hindsight_worker import answered
from kwartier.adapters.highs.month_order import packed
from kwartier.planning.request import PlanRequest
from kwartier.service.faults import HindsightUnavailable
from kwartier.testing.fakes.hindsight_peaks import FakeHindsightPeaks
from kwartier.testing.hub_requests import hub_request

REQUEST = PlanRequest.model_validate(hub_request(3, seed=1))
# What it is started with here: processes that never answer, and say how they run.
SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")
TELLER = (
    sys.executable,
    "-c",
    """
import os
from kwartier.adapters.highs import hindsight_worker as worker
worker.answered = lambda order: worker.Frame(worker.Kind.PLAN, 1, b'{"nice": %d}' % os.nice(0))
worker.main()
""",
)


def test_the_process_finds_the_peaks_that_this_one_finds() -> None:
    found = SupervisedHindsight().highest_w(REQUEST, 1.0)
    assert found == FakeHindsightPeaks().highest_w(REQUEST, 1.0)
    assert not isinstance(found, str)
    assert max(found.values()) > 0.0


def test_it_runs_behind_everything_else() -> None:
    # nice(2): 19 is the lowest priority.
    assert SupervisedHindsight(command=TELLER).highest_w(REQUEST, 1.0) == {"nice": 19.0}


def test_findings_about_the_request_come_back_in_words() -> None:
    wrong = REQUEST.model_copy(update={"timezone": "Nowhere/Else"})
    frame = answered(Frame(Kind.REQUEST, 1, packed(wrong, 1.0)))
    assert frame.kind is Kind.FINDINGS
    assert b"Nowhere/Else" in frame.payload


def test_a_month_that_takes_too_long_has_no_answer() -> None:
    began_s = monotonic()
    found = SupervisedHindsight(command=SLEEPER, deadline_s=0.3).highest_w(REQUEST, 1.0)
    assert isinstance(found, str)
    assert "gave no answer within 0.3 s" in found
    assert monotonic() - began_s < 5.0


def test_who_stops_does_not_wait_for_it_and_nothing_more_begins() -> None:
    peaks, faults = SupervisedHindsight(command=SLEEPER), list[Exception]()

    def ask() -> None:
        try:
            peaks.highest_w(REQUEST, 1.0)
        except HindsightUnavailable as fault:
            faults.append(fault)

    asking = Thread(target=ask)
    asking.start()
    sleep(0.2)
    peaks.give_up()
    asking.join(5.0)
    assert not asking.is_alive()
    assert len(faults) == 1
    with pytest.raises(HindsightUnavailable):
        peaks.highest_w(REQUEST, 1.0)


def test_a_process_that_cannot_be_started_is_a_fault() -> None:
    with pytest.raises(HindsightUnavailable, match="No such file"):
        SupervisedHindsight(command=("/nowhere/python",)).highest_w(REQUEST, 1.0)
