"""How fast, and how it grows: `python -m bench`. Reports; never decides whether a test passes."""
