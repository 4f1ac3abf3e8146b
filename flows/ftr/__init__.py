"""Packs out of site files of Full-Text RSS (fivefilters) that a user holds; none of them comes with dehusk."""
