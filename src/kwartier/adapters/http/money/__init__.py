"""What a site's connection costs and will cost, and what it would cost elsewhere."""
