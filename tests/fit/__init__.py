"""Fit the numbers of reading to labelled pages, and judge them on sites that they were not fitted to."""
