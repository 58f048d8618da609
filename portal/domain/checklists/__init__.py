"""Checklists with typed items and limits, in versions; test sheets, which are one such version filled in at a device.

A version goes draft → published → withdrawn and never changes once it is published. A sheet goes open → complete →
reviewed | rejected. Sources: 001 三(四)1; YY/T 0841-2023 (IEC 62353:2014, MOD); requirements QCR-1, QCR-6, QCR-7.
"""
