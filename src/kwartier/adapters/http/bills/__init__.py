"""Bills of a site's connection."""
