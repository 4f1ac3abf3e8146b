"""Find the records that tell one story: copies, excerpts and mentions of it, on whatever pages they stand.

`sketch.sketch_of` makes a small sketch of a record, `table.stories_of` finds the stories that
many tell.
"""
