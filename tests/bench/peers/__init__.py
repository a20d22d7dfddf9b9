"""Two bots of the same survey, written as the documentation of their libraries has it."""
