"""The fitted numbers of reading, made by `python -m tests.fit`."""
