"""The stories embedded in a page, found by the form that repeats on it; `find.find_lists` is the entry."""
