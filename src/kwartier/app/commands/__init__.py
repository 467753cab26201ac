"""The commands that need the whole service; the others stand in `adapters/cli`."""
