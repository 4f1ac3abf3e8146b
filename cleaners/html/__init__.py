"""HTML pages: parse, render to lines with hints, read the head, ask other extractors for the main text."""
