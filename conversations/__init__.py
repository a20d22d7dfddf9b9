"""Floor 1: what we say to a customer and why. Pure: no clock, database, network, file or log."""
