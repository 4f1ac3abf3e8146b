"""Inputs: find files, unpack containers, yield raw pages with their provenance."""
