"""What a site's connection costs this month, will cost, would have cost, and would cost elsewhere."""
