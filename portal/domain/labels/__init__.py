"""Labels for devices: what a sheet or a roll looks like, and the sheets that were asked for (INT-10)."""
