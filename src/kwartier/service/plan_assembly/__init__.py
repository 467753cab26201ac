"""From what is stored about a site to a plan request: pure, and each assumption said in words."""
