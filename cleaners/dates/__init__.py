"""Times as a page words them: tokenise a line, find its times, resolve them against the capture time."""
