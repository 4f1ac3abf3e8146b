"""Planning: compare the inputs with the state, cut the work into shards."""
