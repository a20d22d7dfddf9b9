"""Floor 3: what the answers add up to. Pure, as floor 1."""
