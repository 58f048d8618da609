"""Qualifications: for which models and classes of devices a technician is trained, assessed and valid."""
