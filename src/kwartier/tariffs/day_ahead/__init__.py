"""Day-ahead prices of a bidding zone, one market day at a time: judged when delivered, estimated when not yet known."""
