"""Quality: release, reports."""
