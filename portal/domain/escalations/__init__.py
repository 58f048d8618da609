"""Escalations: a question of a work order, put to second line or to the manufacturer, with its answer (RPR-8)."""
