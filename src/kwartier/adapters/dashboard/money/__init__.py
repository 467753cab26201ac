"""The parts of the view of money."""
