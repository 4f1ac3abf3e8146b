"""Segmentation: assign every line of a page to its own story, an embedded story, a list or clutter."""
