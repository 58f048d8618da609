"""Complaints: whatever somebody says is not right about a product or a service, judged by quality (F21, 820.198).

For now a complaint is opened and assessed; investigation, decision and reporting build on this record.
"""
