"""Reading the trail: whose act, on which record, and what it changed, in the words of the screens.

The trail itself is written and chained by `portal.core.audit`; here it is only read, above all nouns.
"""
