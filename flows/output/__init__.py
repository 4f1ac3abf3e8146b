"""Output: the lock, atomic files, the lines, the schema, the metrics and the manifest of an output folder."""
