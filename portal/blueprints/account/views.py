"""Signing in, the own profile, the inbox."""
