"""The duty officer's desk."""
