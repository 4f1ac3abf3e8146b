"""Output of the core: turn the stories of a page into records and a complete ledger.

Called by `cleaners.pipeline`.
"""
