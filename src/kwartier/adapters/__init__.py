"""What kwartier talks to: one folder per technology, none knows another."""
