"""Redivision (区划调整) on the server: drafts, what they would move, and the day they come into force as one."""
