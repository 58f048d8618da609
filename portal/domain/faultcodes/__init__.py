"""Fault codes: the words in which a symptom, the area of a fault, its cause and what helped are counted (RPR-10)."""
