"""What a planning policy counts on: forecasts from what it has seen, or the truth where a study lends it."""
