"""One participant's process: started once, then asked one problem after the other."""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from instances import Instance
from participants import Participant

Json = dict[str, Any]
HERE = Path(__file__).resolve().parent


class Running:
    """A driver that runs; what it prints besides its answers goes into `log`."""

    def __init__(self, participant: Participant, python: Path, log: IO[str]) -> None:
        self.participant = participant
        self._process = subprocess.Popen(  # noqa: S603
            [str(python), str(HERE / participant.driver), participant.argument],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        self.hello = self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def answer(self, instance: Instance) -> Json:
        """What the participant makes of an instance: its times, memory and schedule, or `error`."""
        asked = getattr(instance, self.participant.request or "facts")
        if self._process.stdin is None:
            raise RuntimeError(f"{self.participant.key} has no input")
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Json:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise RuntimeError(f"{self.participant.key} ended with {self._process.wait()}")
        answer: Json = json.loads(line)
        return answer
