"""The parts of the guided editor of a site document."""
