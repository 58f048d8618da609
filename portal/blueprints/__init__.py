"""Doors for people, one package per audience."""
