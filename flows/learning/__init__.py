"""Learning: what pages of a site say about it, gathered from the inputs of a run, without any pack of the site."""
