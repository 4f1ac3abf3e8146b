"""Stories: what is kept of all records of an output folder from run to run, and the files of `stories/`.

`sketches` makes the sketches of a shard's records beside its lines. `update` brings them into the tables of `tables`, a part
at a time, each in a transaction: `intake` compares the records of shards with those known, `linking` links new texts to the
leaders of their keys, `grouping` finds the stories anew that this changes. `files` then writes the files that hold changed
stories. Tables and files depend on nothing but the records that are there, and can be made again from them.
"""
