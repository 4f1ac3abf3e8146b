"""Execution: clean the shards of a run on an engine and commit the results."""
