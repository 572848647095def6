"""What leaves the desk: the map on paper or as a picture, and briefing pages that need nothing but a browser."""
