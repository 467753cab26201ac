"""What energy costs: contracts, grid sheets, levies."""
