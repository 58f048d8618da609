"""Managers and administration: people, organisations, permissions, trail."""
