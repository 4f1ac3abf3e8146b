"""HTML pages: parse them, render lines with hints, read metadata, match selectors of packs, call other extractors.

`cleaners.html.reader` is the way in, used by `cleaners.pipeline` and `flows.inputs.raw_page`.
"""
