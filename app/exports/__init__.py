"""Documents that leave the service: one block model, and a writer for each format."""
