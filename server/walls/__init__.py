"""Display walls: what desks and displays ask about them, what displays say they show, and what a wall is told of."""
