"""Handling (处置): what each order needs from the ledger before the rules decide, and who carries it out."""
