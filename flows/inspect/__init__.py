"""Inspection: the status, the soundness and the drift of an output folder."""
