"""Inspection of an output folder: its status, its integrity, and the drift of sites."""
