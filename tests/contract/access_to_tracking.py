"""Who may use the pages of tracking: a part of the table of all addresses."""

from collections.abc import Mapping

TRACKING: Mapping[str, str] = {
    "chase.export": "record_contact",
    "chase.page": "record_contact",
    "tracking.curve": "read_rounds",
    "tracking.export": "read_rounds",
    "tracking.listed": "read_rounds",
    "tracking.newest": "read_rounds",
    "tracking.page": "read_rounds",
    "tracking.question": "read_rounds",
    "tracking.questions": "read_rounds",
    "tracking.report": "read_rounds",
    "tracking.states_map": "read_rounds",
    "views.ask": "read_rounds",
    "views.change": "read_rounds",
    "views.listed": "read_rounds",
    "views.remove": "read_rounds",
    "views.save": "read_rounds",
}
