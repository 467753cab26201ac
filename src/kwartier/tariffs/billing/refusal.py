"""A bill that cannot be made: what is missing, and the next step."""

from kwartier.site.finding import Finding


class CannotBill(Exception):
    """Raised where a bill would leave out what the site pays; `findings` say what is missing and what to do.

    A bill that counts an unknown amount as 0 looks like a bill and is none.
    """

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


def refusal(
    rule: str, path: str, message: str, observed: object = None, allowed: object = None
) -> CannotBill:
    """The refusal for one reason; `path` is where in the site document, or which other input."""
    return CannotBill([Finding(f"bill.{rule}", "ERROR", path, message, observed, allowed)])
