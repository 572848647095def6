"""Channels: each turns the bytes of one kind of sender into values, and knows nothing of the others."""
