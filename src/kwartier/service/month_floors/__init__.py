"""Up to which peak a month costs nothing more in a plan: what the best of the last month needed."""
