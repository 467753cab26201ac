"""Every dependency says why it is there, and the locks pin it by hash without naming a place."""

import re

import pytest

from tests.house.project import ROOT, pins, pyproject

LOCKS = ["requirements.lock", "requirements-dev.lock"]

REQUIREMENT = re.compile(r'^\s*"(?P<name>[A-Za-z0-9._-]+)[^"]*",(?P<rest>.*)$')
DEPENDENCY_LISTS = re.compile(r"^(dependencies|dev) = \[\n(.*?)^\]", re.MULTILINE | re.DOTALL)


def dependencies_without_reason(pyproject_text: str) -> tuple[list[str], list[str]]:
    """Names in the lists of dependencies: all of them, and those whose line has no comment of some words."""
    names, bare = [], []
    for _, block in DEPENDENCY_LISTS.findall(pyproject_text):
        for line in block.splitlines():
            match = REQUIREMENT.match(line)
            assert match, f"one dependency per line, please: {line!r}"
            names.append(match["name"])
            if not re.fullmatch(r"\s+# .{15,}", match["rest"]):
                bare.append(match["name"])
    return names, bare


def lock_faults(text: str) -> list[str]:
    """Lines of a lock that name a place or an option, and packages without an exact version and a hash."""
    faults = []
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if re.search(r"://|(?<!\w)/\w|\\\w|@ |^-|^\s+--(?!hash=sha256:[0-9a-f]{64}( \\)?$)", line):
            faults.append(f"line {number}: {line.strip()}")
        pinned = line and not line.startswith((" ", "#"))
        if pinned and not re.fullmatch(r"[a-z0-9-]+==[0-9][^ ]* \\", line):
            faults.append(f"line {number}: not an exact version with hashes: {line}")
        if pinned and not (number < len(lines) and lines[number].startswith("    --hash=sha256:")):
            faults.append(f"line {number}: no hash follows")
    return faults


def normalised(requirement: str) -> str:
    """The package name of a requirement, as locks write it."""
    name = re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_says_why_it_is_there() -> None:
    names, bare = dependencies_without_reason((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject()["project"]
    assert len(names) == len(project["dependencies"]) + len(project["optional-dependencies"]["dev"])
    assert bare == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_and_has_a_hash_for_every_package(lock: str) -> None:
    assert lock_faults((ROOT / lock).read_text(encoding="utf-8")) == []


def test_the_locks_hold_every_dependency_and_the_build_backend() -> None:
    project, build = pyproject()["project"], pyproject()["build-system"]
    run = {normalised(name) for name in [*project["dependencies"], *build["requires"]]}
    dev = run | {normalised(name) for name in project["optional-dependencies"]["dev"]}
    assert run - pins("requirements.lock").keys() == set()
    assert dev - pins("requirements-dev.lock").keys() == set()


def test_tests_run_with_the_versions_that_users_run() -> None:
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in run} == run


def test_a_dependency_without_a_reason_is_found() -> None:
    text = 'dependencies = [\n    "numpy>=2",  # arrays per quarter-hour\n    "rich>=15",\n]\n'
    assert dependencies_without_reason(text) == (["numpy", "rich"], ["rich"])


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--find-links wheels",
        "numpy @ https://example.org/numpy.whl \\",
        "numpy>=2 \\",
        "    # via -r /srv/requirements.in",
        "    --hash=md5:00",
    ],
)
def test_a_place_or_a_loose_version_in_a_lock_is_found(line: str) -> None:
    good = f"numpy==2.4.6 \\\n    --hash=sha256:{'0' * 64}\n    # via kwartier (pyproject.toml)\n"
    assert lock_faults(good) == []
    assert lock_faults(good + line + "\n") != []
