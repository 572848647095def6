"""The basemap of a desk: which one is chosen, how its tiles come, how they become pictures, where these lie."""
