"""Ways to run a site, one per file, behind one interface."""
