"""Duty: who answers at a centre at any hour, and calls to them that must be answered (DSP-6)."""
