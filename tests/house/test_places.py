"""No file of the project names a folder of somebody's machine or a package index's address."""

import re

import pytest

from tests.house.project import ROOT, files

# Folders in which people keep their work; and schemes and hosts that belong in a machine's own settings.
MACHINE = re.compile(
    r"(?<![\w.~-])/(work|root|home|Users|opt|mnt)/|\bfile:/{2}|\bpypi\.org|pythonhosted\.org",
)


def machine_names(text: str) -> list[str]:
    """Lines that name a machine's folder or a package index."""
    return [line.strip() for line in text.splitlines() if MACHINE.search(line)]


def test_no_file_names_a_machine() -> None:
    found = {}
    for path in files():
        if lines := machine_names(path.read_bytes().decode("utf-8", errors="replace")):
            found[str(path.relative_to(ROOT))] = lines
    assert found == {}


@pytest.mark.parametrize(
    "text", ["cd /" + "home/anna/kwartier", "see file:/" + "//srv/wheels", "open('/" + "root/x')"]
)
def test_a_machine_is_found(text: str) -> None:
    assert machine_names(text) == [text]


@pytest.mark.parametrize("text", ["https://example.org/work/1", "at/home/now", "docs/decisions/0001"])
def test_an_address_on_the_web_or_in_the_project_is_none(text: str) -> None:
    assert machine_names(text) == []
