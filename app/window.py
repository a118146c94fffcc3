"""Until when one respondent's answers are taken: the one place where that is decided. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Window:
    """Everything that decides until when one respondent's answers are taken: what is planned for the round
    and what has happened to it, the respondent's own deadline, and whether it is still asked.
    """

    closes_at: datetime
    closed_at: datetime | None = None
    cutoff_at: datetime | None = None
    cut_off_at: datetime | None = None
    due_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def deadline(self) -> datetime:
        """The respondent's own: that of the round unless another was granted. What comes later is late."""
        return self.due_at or self.closes_at

    @property
    def ends_at(self) -> datetime | None:
        """Until when answers are taken, as far as it is decided; None while the round is open.

        A closed round takes late answers until its cut-off is reached or made, and later from whom it has
        granted an end of their own after its own.
        """
        if self.closed_at is None:
            return None
        ends = [self.closed_at]
        if self.cutoff_at is not None:
            ends.append(min(self.cutoff_at, self.cut_off_at or self.cutoff_at))
        if self.due_at is not None and self.due_at > self.closes_at:
            ends.append(self.due_at)
        return max(ends)


def takes_answers(window: Window, now: datetime) -> bool:
    """Whether answers are taken: while the round is open, after its closing until the cut-off and marked
    late, and until an end that was extended. Never from whom is not asked any more.
    """
    if window.withdrawn_at is not None:
        return False
    return window.ends_at is None or now < window.ends_at
