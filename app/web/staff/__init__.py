"""The secretariat's pages: rounds and register."""
