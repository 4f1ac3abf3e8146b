"""Dates and times: tokenise a line, find its times, resolve them against the capture time."""
