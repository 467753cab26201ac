"""What must hold within a levy file beyond its shape."""

from collections.abc import Iterator

from kwartier.site.finding import Finding
from kwartier.site.json_path import as_text, hint
from kwartier.tariffs.levies.levy_file import LevyFile
from kwartier.tariffs.sheet import figures_of


def levy_findings(file: LevyFile) -> list[Finding]:
    """Everything that is wrong with a levy file that has the right shape: all are errors."""
    return [*_sources(file), *_validity(file)]


def _sources(file: LevyFile) -> Iterator[Finding]:
    known = list(file.sources)
    for part, entries in (("levies", file.levies), ("vat", file.vat)):
        for index, entry in enumerate(entries):
            for field, figure in figures_of(entry):
                if figure.source not in file.sources:
                    message = (
                        f"the source {as_text(figure.source)} stands in no [sources]{hint(figure.source, known)}; "
                        "add it there, with title and the day it was read"
                    )
                    path = f"$.{part}[{index}].{field}.source"
                    yield Finding("sheet.unknown_source", "ERROR", path, message, figure.source, known)


def _validity(file: LevyFile) -> Iterator[Finding]:
    for part, entries in (("levies", file.levies), ("vat", file.vat)):
        for index, entry in enumerate(entries):
            if entry.span.last < entry.span.first:
                message = f"valid_to {entry.valid_to} lies before valid_from {entry.valid_from}; correct one"
                path = f"$.{part}[{index}].valid_to"
                yield Finding("sheet.validity", "ERROR", path, message, str(entry.valid_to))
