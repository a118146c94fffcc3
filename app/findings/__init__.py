"""From what was answered about one mechanism to a summary in which every sentence cites its sources. Pure."""
