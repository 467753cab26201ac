"""Day-ahead prices."""
