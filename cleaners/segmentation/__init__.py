"""Segmentation: assign every line of a page to its own story, an embedded story, a list or clutter.

Called by `cleaners.pipeline`; `cleaners.examples` and `cleaners.output.body_rules` use `clutter_blocks` alone.
"""
