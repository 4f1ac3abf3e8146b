"""Output of the core: the plan of a page becomes records and a complete ledger."""
