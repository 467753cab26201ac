"""Server-sent events: what happens at a site, as it happens."""
