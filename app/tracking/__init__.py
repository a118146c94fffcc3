"""Who has answered a round, as numbers, lists and chases: pure, read from one value.

``app.queries.tracking`` reads that value, ``model.Tracking``; pages, tables, charts, maps and reports are
made of it, and of nothing else, so that they cannot disagree. ``app.standing`` says where a response stands
and what a response rate is.
"""
