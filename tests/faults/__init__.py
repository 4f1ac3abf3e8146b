"""Faults of disks: calls that fail, tear or are the last ones, and power cuts that lose what was not flushed."""
