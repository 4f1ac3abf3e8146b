"""Packs: rules and layouts as data, checked, compiled and looked up."""
