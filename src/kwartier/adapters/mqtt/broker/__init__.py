"""Debian's Mosquitto as a supervised child, for a deployment without a broker of its own."""
