"""The whole history of a device: all that was reported, done, replaced, written and declared about it (WAR-5)."""
