"""The parts of the view of charging sessions."""
