"""Output: the lock, atomic files, lines, records, schema, metrics, sample and manifest of an output folder."""
