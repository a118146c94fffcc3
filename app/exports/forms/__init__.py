"""Forms to fill in without the service: written as Word or Excel files, and read again within bounds."""
