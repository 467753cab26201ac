"""What the service does, one verb per file, and the ports it needs. No web framework, database or clock in here."""
