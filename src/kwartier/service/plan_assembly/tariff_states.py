"""What the tariff of each connection is expected to count anyway, in a plan request."""

from collections.abc import Iterator, Mapping

from kwartier.planning.request import TariffState
from kwartier.service.month_floors.month_floor import month_at
from kwartier.service.plan_assembly.facts import SiteFacts
from kwartier.site.document import SiteConfiguration
from kwartier.site.tree import electrical_tree


def tariff_states(facts: SiteFacts, configuration: SiteConfiguration) -> dict[str, TariffState]:
    """The month's expected peak of each connection that the site still has; nothing where none is known."""
    floor = facts.month_floor
    if floor is None or not floor.counts_in(month_at(facts.at, facts.timezone)):
        return {}
    roots = {root.name for root in electrical_tree(configuration).roots}
    return {
        name: TariffState(expected_month_peak_w=highest_w)
        for name, highest_w in floor.highest_w_by_root.items()
        if name in roots
    }


def floor_notes(facts: SiteFacts, states: Mapping[str, TariffState]) -> Iterator[str]:
    """In words where each expected peak comes from, and how old it is."""
    for root in states:
        if facts.month_floor is not None:
            yield facts.month_floor.words(root)
