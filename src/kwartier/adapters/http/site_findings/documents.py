"""Findings about a site document as read over REST."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from kwartier.service.judge_document import Judgement
from kwartier.site.finding import Severity
from kwartier.units.wire import WireModel


class AnySite(BaseModel):
    """A site document as far as it is written; any object."""

    model_config = ConfigDict(extra="allow")


class FindingDocument(WireModel):
    """One problem of a document."""

    rule: str = Field(description="The rule; docs/validation.md lists them.")
    severity: Severity = Field(description="With an ERROR the site cannot be planned.")
    path: str = Field(description="Where, as a JSON path.")
    message: str = Field(description="What is wrong, with the next step.")


class FindingsDocument(WireModel):
    """Everything that is wrong with a document."""

    is_plannable: bool = Field(description="Whether nothing keeps the site from being planned.")
    findings: list[FindingDocument] = Field(description="In the order of the document.")


def findings_document(judgement: Judgement) -> dict[str, Any]:
    """The JSON value of a judgement; observed values are not repeated by themselves."""
    return {
        "is_plannable": judgement.is_plannable,
        "findings": [
            {"rule": one.rule, "severity": one.severity, "path": one.path, "message": one.message}
            for one in judgement.findings
        ],
    }
