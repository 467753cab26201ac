"""What the devices of a site should do now."""
