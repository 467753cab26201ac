"""MQTT: telemetry in, plans and setpoints out, and the broker that `kwartier serve` brings along."""
