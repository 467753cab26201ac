"""Whether the service is alive and ready, and its figures."""

import httpx

from kwartier.client.call import Call


def health() -> Call[str]:
    """The status of the process: "ok"."""
    return Call("GET", "/healthz", read=_status, needs_token=False)


def readiness() -> Call[str]:
    """Whether it can work: "ready"; while it cannot, the call is repeated, and ends in a ProblemAnswer of 503."""
    return Call("GET", "/readyz", read=_status, needs_token=False)


def metrics() -> Call[str]:
    """The figures for the monitoring, in Prometheus' text format."""
    return Call("GET", "/metrics", read=lambda answer: answer.text, needs_token=False)


def _status(answer: httpx.Response) -> str:
    status: str = answer.json()["status"]
    return status
