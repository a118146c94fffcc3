"""Survey staff and their questionnaires: seen, previewed, compared, published, piloted, moved to."""
