"""A typed client of the service, blocking and asynchronous.

What can be asked stands in one file per resource (`sites`, `identity`, …): each function there describes a call, and
either client carries it out, with the login, its renewal, and repeats where the service asks for patience.

    from kwartier.client import Kwartier, sites

    with Kwartier("http://127.0.0.1:8000", client_id, client_secret) as kwartier:
        stored = kwartier.send(sites.read("brussels-hub"))
        for site in kwartier.every(sites.list_all()):
            print(site.site_id, site.validation_status.status)

        for event in kwartier.listen(events.of_site("brussels-hub")):
            print(event.kind, event.content)

With `AsyncKwartier` it is `await kwartier.send(…)`, `async for site in kwartier.every(…)`, and the same for `listen`.
"""

from kwartier.client.async_kwartier import AsyncKwartier
from kwartier.client.call import Call, Listing
from kwartier.client.events import SiteEvent
from kwartier.client.faults import CallFault, NoAnswer, ProblemAnswer
from kwartier.client.kwartier import Kwartier
from kwartier.client.patience import Patience

__all__ = [
    "AsyncKwartier",
    "Call",
    "CallFault",
    "Kwartier",
    "Listing",
    "NoAnswer",
    "Patience",
    "ProblemAnswer",
    "SiteEvent",
]
