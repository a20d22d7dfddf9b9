"""Floor 4: the only place with SQL."""
