"""Own companies and service centres; hospitals, dealers and suppliers with their sites, departments and contacts.

A company is ours: letterhead, number series, seal. An organisation is anybody else. Scope is by
organisation, never by company.
"""
