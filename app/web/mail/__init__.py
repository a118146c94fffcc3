"""The staff's pages of a round's letters: what became of each, and sending one again."""
