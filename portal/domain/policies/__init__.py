"""Figures that the operator sets: limits, terms and lifetimes. Each is declared where it is needed."""
