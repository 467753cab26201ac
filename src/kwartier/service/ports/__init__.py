"""What the service needs of the world, one protocol per file; adapters implement them, `app.wiring` chooses."""
