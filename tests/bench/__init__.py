"""Measuring: how many turns a second, how long a customer waits, what it costs, and whether anything is lost."""
