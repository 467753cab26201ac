"""What an installer wants to know: which asset sends what, how old it is, and on which phase a device hangs."""
