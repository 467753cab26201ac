"""What became and what will become of a charging session: measured, planned, and what it costs."""
