"""Partners' own addresses that are told of events."""
