"""Kits: the tools and test equipment that a model needs, as quality keeps them (DSP-3)."""
