"""Demonstration data that an expert believes, made through the same verbs as everything else.

`cast` makes the people and registers, `story` the requests in every state, `bulk` large sets for measuring.
"""
