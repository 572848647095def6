"""How the desk looks: colours, type, marks, icons. Nothing else names a colour."""
