"""Accounts: who may sign in, which roles they hold within which scope, their sessions and one-use links.

An account is a way in for one natural person; it is disabled, never deleted.
"""
