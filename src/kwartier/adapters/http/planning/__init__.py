"""Planning without storing anything."""
