"""Handling incidents at the desk: the board, the card, the forms."""
