"""Standard output for results, standard error for notes; nothing in a document can control the terminal."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from typing import Any, TextIO

from rich.console import Console, RenderableType
from rich.progress import Progress
from rich.text import Text

from kwartier.adapters.cli.faults import UnwritableFile

# Control characters (C0, DEL, C1) would move the cursor or change colours, direction marks (Unicode Standard Annex 9,
# section 2) would show text in another order than it has: they are shown as escapes.
_INVISIBLE = [
    *range(0x20),
    *range(0x7F, 0xA0),
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
]
_ESCAPES = {code: ascii(chr(code))[1:-1] for code in _INVISIBLE}


def visible(text: str) -> str:
    r"""The text with everything that is invisible or controls a terminal written as an escape.

    >>> visible("pole\x1b[31m")
    'pole\\x1b[31m'
    """
    return text.translate(_ESCAPES)


def writable(stream: TextIO) -> None:
    r"""Make a stream write what its encoding lacks as an escape, such as \xe9, where it would fail."""
    if isinstance(getattr(stream, "encoding", None), str) and hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")


def _notes() -> Console:
    # Made anew at each use: the streams may have been exchanged. No markup: a device may be called "[bold]".
    return Console(stderr=True, markup=False, emoji=False, highlight=False)


def show(*parts: RenderableType) -> None:
    """Print tables and lines of text to standard output; long words are broken, nothing is cut off."""
    drawn = StringIO()
    console = Console(
        file=drawn, force_terminal=sys.stdout.isatty(), markup=False, emoji=False, highlight=False
    )
    for part in parts:
        console.print(part, overflow="fold")
    # Tables fill every line up to their width with blanks.
    _write("\n".join(line.rstrip(" ") for line in drawn.getvalue().split("\n")))


def show_line(text: str) -> None:
    """Print one line to standard output that is never wrapped, such as a path to click on."""
    _write(text + "\n")


def show_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document to standard output; pure ASCII where the stream is not UTF-8."""
    show_json_text(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2))


def show_json_text(text: str) -> None:
    """Print a JSON text, as it is where standard output is UTF-8, else with its other characters escaped."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        text = json.dumps(json.loads(text), ensure_ascii=True)
    _write(text + "\n")


def _write(text: str) -> None:
    """Write to standard output and flush, so that a full disk is found here and not when the process ends."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has seen enough; typer ends the command
        raise
    except OSError as fault:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # what is left would fail again at exit
        raise UnwritableFile(f"standard output: {fault.strerror}; send it somewhere else") from None


def note(text: str) -> None:
    """Print one line to standard error."""
    _notes().print(Text(visible(text)), soft_wrap=True)


def error(text: str) -> None:
    """Print one line to standard error that says what went wrong."""
    line = Text("Error: ", style="bold red").append(visible(text), style="not bold default")
    _notes().print(line, soft_wrap=True)


@contextmanager
def counting(what: str, of_count: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal's standard error that grows by one at each call of what it yields; elsewhere nothing."""
    console = _notes()
    if not console.is_terminal:
        yield lambda: None
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(what, total=of_count)
        yield lambda: bar.advance(task)


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Show on a terminal's standard error that something is going on; elsewhere nothing."""
    console = _notes()
    if not console.is_terminal:
        yield
        return
    with console.status(f"{what} ...", spinner="line"):
        yield
