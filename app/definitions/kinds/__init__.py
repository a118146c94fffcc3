"""What each kind of question does: one module per family, one function per act, found by dispatch."""
