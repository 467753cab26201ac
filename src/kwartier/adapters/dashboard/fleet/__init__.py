"""The parts of the view of all sites."""
