"""Indicators of a month, computed in the ledger; months that are frozen; what a desk may see and write to a file."""
