"""Learn the pack of a site from its pages: their common lines, the place of their titles, their lists of stories.

`choice.learn_site` is all that others call.
"""
