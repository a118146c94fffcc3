"""Every SELECT that is not one row by key."""
