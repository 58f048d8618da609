"""Absences: when staff are away, asked for by them and approved by somebody else."""
