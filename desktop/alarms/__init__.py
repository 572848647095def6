"""Alarms: what needs an answer from the officer who sits here, how it is shown, and the four sounds."""
