"""Charging sessions as a site manager sees them, and what is decided about them."""
