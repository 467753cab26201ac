"""A site that behaves: devices that obey setpoints, cars that come and go, and the meters that see it."""
