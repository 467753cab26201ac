"""From what sites measure to what their devices are told, second by second; the plan says what is wanted."""
