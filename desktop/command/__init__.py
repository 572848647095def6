"""The command line's language: what a line means, what may stand next in it, what it would send; plain, no widgets."""
