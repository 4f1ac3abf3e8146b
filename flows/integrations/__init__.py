"""Doors to other programs: an item pipeline for Scrapy, a step for datatrove.

Each module is named as what it is for, and imports no more of it than it needs.
"""
