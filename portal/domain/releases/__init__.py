"""Release rules: who must review a repaired device, and whether it may be released first (QCR-6).

A version of the rules is drafted by one person and put into force by another. Of the rules that fit a case the most
particular holds. How soon a review must follow is a promise of the policy about releases.
"""
