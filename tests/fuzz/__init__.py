"""Fuzzing: pages made by a grammar and by damage to real ones, held to the promises of dehusk.

`python -m tests.fuzz` runs it by hand, `tests/test_fuzz.py` runs a part of it with a fixed seed. Everything that it ever found
is in `corpus/`, as small as it could be made. An input depends on its seed and number alone, and on the packs.
"""
