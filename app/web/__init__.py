"""Pages: requests become calls of services, and what they return becomes a page."""
