"""Papers that are signed and issued: frozen content, revisions, signatures, renditions.

What is signed is the frozen content (canonical bytes and their hash), never a PDF. A PDF is rendered from
the frozen bytes and the signatures, in each language, and is never rendered again.
"""
