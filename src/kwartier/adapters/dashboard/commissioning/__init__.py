"""The parts of the view of commissioning."""
