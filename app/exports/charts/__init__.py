"""Figures as SVG: a map, tiles, a curve. Each says nothing that its table does not say too."""
