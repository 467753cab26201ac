"""Settings, wiring, start and stop: the only place that knows concrete classes."""
