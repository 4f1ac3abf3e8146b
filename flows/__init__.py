"""Inputs, shards, files, the command line and the Prefect flow around the pure core in `cleaners`."""
