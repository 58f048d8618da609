"""Machinery: what every domain uses and no domain owns. Knows no business noun."""
