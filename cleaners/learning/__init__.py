"""Learn the pack of a site from its pages: what stands on many of them, where their titles stand, how they list stories.

`choice.learn_site` is all that others call.
"""
