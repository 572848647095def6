"""Changes of boundaries at the desk: what is under way, what each would move, and the next step for whose it is."""
