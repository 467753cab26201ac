"""The sites of a partner."""
