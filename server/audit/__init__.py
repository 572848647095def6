"""Whether the ledger is what its log says: every chain, every sum, every number (过程留痕)."""
