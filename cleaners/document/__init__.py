"""A page: its bytes decoded, its text repaired, its lines and the facts known about it."""
