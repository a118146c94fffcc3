"""Signing in by a mailed link, changing hats, signing out."""
