"""The catalogues of what the dashboard says: one file per language, all with the same keys."""
