"""A page: its bytes decoded, its text repaired, its lines and metadata."""
