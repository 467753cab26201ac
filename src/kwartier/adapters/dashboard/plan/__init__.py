"""The parts of the view of a site's plan."""
