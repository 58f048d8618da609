"""Charges: what is owed for finished work, its invoice, and the money that comes for it (F09 服务收费结算单)."""
