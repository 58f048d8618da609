"""Manners of HTTP, shared by all doors: access, forms, answers, errors, languages, navigation."""
