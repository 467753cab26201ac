"""What a process remembers is kept by partner (reliability.md, R44), and every such memory stands on a list here."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.project import modules

ROOMS = ("kwartier.service.", "kwartier.adapters.dashboard.", "kwartier.adapters.http.", "kwartier.adapters.mqtt.",
         "kwartier.adapters.highs.", "kwartier.app.")  # fmt: skip
EMPTY = ("{}", "dict()", "OrderedDict()", "defaultdict(")
# A key that begins with the partner: a tuple of texts, or what is one.
PARTNER_FIRST = ("tuple[str, ", "SiteKey", "Key,")

OF_ALL_PARTNERS = {
    "adapters.dashboard.feed.SiteFeeds._feeds",
    "adapters.dashboard.fleet.figure_cache.FigureCache._known",
    "adapters.http.events.broadcast.Broadcast._listeners",
    "adapters.mqtt.sender.Sender._waiting",
    "adapters.mqtt.sender.Sender._unkept",
    "app.control_loop.ControlLoop._sites",
    "app.control_loop.ControlLoop._next_s",
    "app.control_loop.ControlLoop._last_s",
    "service.dispatching.live_readings.LiveReadings._phased",
    "service.dispatching.live_readings.LiveReadings._watched",
    "service.dispatching.live_readings.LiveReadings._sites",
    "service.quarter_memory.QuarterMemory._by_asset",
    "service.watching.planned_past.PlannedPast._known",
}
"""Memories whose key begins with the partner."""

OTHERS = {
    "adapters.dashboard.shared_looks.SharedLooks._looks": "keys of the views; see the test below",
    "adapters.dashboard.fleet.table.FleetTable._heads": "one page",
    "adapters.dashboard.now.devices.Devices._cards": "one page",
    "adapters.dashboard.now.quarter._Block._gauges": "one page",
    "adapters.dashboard.plan.inspector.Inspector._percent_by_battery": "one page",
    "adapters.dashboard.setup.form.Form._fields": "one page",
    "adapters.http.observing.Figures._by_labels": "figures of the monitoring by route, without partners",
    "adapters.mqtt.sender.Sender._on_its_way": "numbers that this process gives to messages",
    "adapters.mqtt.site_client.SiteClient.told": "the client of one site",
    "service.authenticate.Authenticator._known": "a client's id, which begins with its partner's",
    "service.authenticate.Authenticator._read_before": "a signed token, and what stands in it",
    "service.dispatching.heard_ages.HeardAges._said": "one site",
    "service.login_backoff.LoginBackoff._failures": "moments of failed logins by client and address",
    "service.recognise_user.UserRecogniser._known": "the hash of a session's token",
    "service.session_outlooks.measured.MeasuredSessions._surroundings": "one site",
    "service.watching.site_watch.SiteWatch._cars": "one site",
}
"""Those with another key, and what it is."""


def memories() -> Iterator[tuple[str, str]]:
    """Every mapping that an object begins empty, by its name, and the type that is written for it."""
    for module, tree in modules().items():
        if not module.startswith(ROOMS):
            continue
        for owner in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            for node in ast.walk(owner):
                if not isinstance(node, ast.AnnAssign) or node.value is None:
                    continue
                if isinstance(node.target, ast.Attribute) and ast.unparse(node.value).startswith(EMPTY):
                    name = f"{module.removeprefix('kwartier.')}.{owner.name}.{node.target.attr}"
                    yield name, ast.unparse(node.annotation)


TYPE_BY_MEMORY = dict(memories())


def test_every_memory_stands_on_one_of_the_lists() -> None:
    assert TYPE_BY_MEMORY.keys() == OF_ALL_PARTNERS | OTHERS.keys()


@pytest.mark.parametrize("name", sorted(OF_ALL_PARTNERS))
def test_a_memory_of_all_partners_has_the_partner_first_in_its_key(name: str) -> None:
    key = TYPE_BY_MEMORY[name].partition("[")[2]
    assert key.startswith(PARTNER_FIRST), f"{name}: {TYPE_BY_MEMORY[name]}"


def test_every_view_of_the_dashboard_keeps_its_looks_by_partner() -> None:
    keys = [
        ast.unparse(node.value)
        for module, tree in modules().items()
        if module.startswith("kwartier.adapters.dashboard.views.")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("key", "self._key")
    ]
    assert len(keys) >= 5
    assert [key for key in keys if "viewer.caller.partner_id" not in key] == []


def test_what_functions_remember_is_made_of_their_arguments_alone() -> None:
    # A method's cache would keep its object, and with it the data of whoever asked first.
    methods = [
        f"{module}.{owner.name}.{node.name}"
        for module, tree in modules().items()
        for owner in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
        for node in owner.body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if ast.unparse(decorator).split("(")[0] in ("cache", "lru_cache")
    ]
    assert methods == []
