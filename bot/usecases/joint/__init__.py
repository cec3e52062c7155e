"""Joint meetings: every partner is invited, nobody has a duty to come, nothing of any case."""
