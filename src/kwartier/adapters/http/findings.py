"""Findings as the list of a 422 answer: which rule, where, in words. Observed values are not repeated by themselves."""

import re
from collections.abc import Sequence
from typing import Any

from kwartier.adapters.http.problems import Problem, Refused
from kwartier.site.finding import Finding

_PART = re.compile(r"\[(\d+)\]|\[\"((?:[^\"\\]|\\.)*)\"\]|\.?([^.\[\]]+)")
LONGEST_PART_LENGTH = 100


def refused_for(problem: Problem, findings: Sequence[Finding]) -> Refused:
    """The exception to raise for data that are wrong in their content; every finding at once."""
    return Refused(problem, details=[_detail(finding) for finding in findings])


def _detail(finding: Finding) -> dict[str, Any]:
    return {
        "type": finding.rule,
        "loc": ["body", *_parts(finding.path)],
        "msg": finding.message,
        "path": finding.path,
    }


def _parts(path: str) -> list[str | int]:
    """The keys and positions of a JSON path.

    >>> _parts("$.site.device_list[2].name")
    ['site', 'device_list', 2, 'name']
    """
    found = _PART.findall(path.removeprefix("$"))
    return [int(index) if index else (quoted or name)[:LONGEST_PART_LENGTH] for index, quoted, name in found]
