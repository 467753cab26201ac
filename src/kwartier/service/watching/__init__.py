"""What happens at a site now, for people who look on."""
