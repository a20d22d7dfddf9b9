"""The demo: the whole bot in one process on its embedded default, with two telephones and the world's levers."""
