"""The only writers: each is a function that takes a session, and none commits."""
