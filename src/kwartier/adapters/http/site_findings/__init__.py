"""What is wrong with a site document that is not stored."""
