"""Text: normalised keys, the shape of a line, spans, the language."""
