"""Measures the service against bare baselines in the same run, so that the ratios travel between machines."""
