"""What surrounds the panels: top bar, status bar, key overlay, sign-on."""
