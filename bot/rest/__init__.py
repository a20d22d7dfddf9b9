"""The API for the business's own systems and for the command line: `/v1`, additive only."""
