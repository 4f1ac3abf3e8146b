"""Planning: fingerprint inputs, compare them with the state, cut the work into shards."""
