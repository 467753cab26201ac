"""What the grid operator allows a site."""
