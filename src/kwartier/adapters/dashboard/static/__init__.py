"""The dashboard's own style sheet."""
