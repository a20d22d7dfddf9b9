"""The ways to talk: each channel takes updates in and sends messages out, and knows nothing else."""
