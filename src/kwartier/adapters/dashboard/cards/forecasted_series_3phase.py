"""Sun or building load: nobody controls it, so it has neither a setpoint nor a why."""

from kwartier.adapters.dashboard.cards.card import Card


class SeriesCard(Card):
    """What it measures is all there is."""
