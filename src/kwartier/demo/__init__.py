"""A Belgian charging hub of real data, to try kwartier on without a site of one's own.

The package holds one plan request, `plan_request.json`, and `ATTRIBUTION.md`, which names the source, the
licence and the changes of every series in it. Nothing is fetched or computed at run time.
"""

from importlib.resources import files


def demo_request_json() -> str:
    """Return the demo site's plan request as JSON text.

    One complete plan request for two days: a site document, `at` (2025-10-03 06:52:10 in Belgium), day-ahead
    prices (EUR/MWh), forecasts (W, negative when delivered), state, and charging sessions (Wh, W). The
    same text at every call.

        >>> import json
        >>> json.loads(demo_request_json())["site"]["site_id"]
        'demo-hub'
    """
    return files(__name__).joinpath("plan_request.json").read_text(encoding="utf-8")
