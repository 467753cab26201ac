"""What a number means: instants, quarter-hours, phases. Knows nothing of sites, tariffs or plans."""
