"""The validation status of a site."""
