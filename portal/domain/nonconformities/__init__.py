"""Nonconformities: what failed on a test sheet and was put before quality instead of being repaired at once (QCR-7).

open → closed, with the reason.
"""
