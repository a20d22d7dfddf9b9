"""Setting makegood up: what `makegood init` guesses, writes and says."""
