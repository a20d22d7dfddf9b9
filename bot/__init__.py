"""Floor 5: clock, network and processes."""
