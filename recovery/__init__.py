"""Floor 2: how a wrong is put right. Pure, as floor 1."""
