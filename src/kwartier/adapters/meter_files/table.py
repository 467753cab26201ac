"""A text of separated values: its header, its rows with their line numbers, and what keeps it from being one."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

# A year of quarter-hours in the longest known format has 7 MB; this is a decade of them.
LIMIT_BYTES = 64 * 2**20
DELIMITERS = (";", ",", "\t")


class UnreadableMeterFile(ValueError):
    """The bytes are no table of a known meter format; the message says what was seen and the next step."""


@dataclass(frozen=True)
class Table:
    """The names in the first line, in small letters, and the delimiter between them."""

    header: list[str]
    delimiter: str
    text: str

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number and cells of each line after the header that is not empty; raises UnreadableMeterFile."""
        lines = csv.reader(StringIO(self.text), delimiter=self.delimiter)
        next(lines)
        try:
            for cells in lines:
                if any(cells):
                    yield lines.line_num, cells
        except csv.Error as fault:
            message = f"line {lines.line_num}: {fault}; is a quotation mark not closed there?"
            raise UnreadableMeterFile(message) from None

    def column_index(self, *names: str) -> int | None:
        """The column with one of these names, None where there is none."""
        return next((self.header.index(name) for name in names if name in self.header), None)


def read_table(data: bytes) -> Table:
    """The table that a file holds; raises UnreadableMeterFile.

    UTF-8 with or without a byte order mark; a file that is not UTF-8 is read as Windows-1252, in which spreadsheets
    write the accents of a French header.
    """
    if len(data) > LIMIT_BYTES:
        raise UnreadableMeterFile(
            f"larger than {LIMIT_BYTES // 2**20} MiB, the most that is read: give one file per year"
        )
    if b"\0" in data:
        raise UnreadableMeterFile("not a text but a binary file: export it as CSV")
    text = _decoded(data)
    first_line = text.lstrip("\r\n").split("\n", 1)[0].strip("\r")
    if not first_line.strip():
        raise UnreadableMeterFile(
            "the file is empty: it needs a header such as start,offtake_kwh,injection_kwh"
        )
    delimiter = max(DELIMITERS, key=first_line.count)
    header = next(csv.reader([first_line], delimiter=delimiter))
    return Table([name.strip().lower() for name in header], delimiter, text.lstrip("\r\n"))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
