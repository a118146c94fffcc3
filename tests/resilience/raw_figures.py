"""What the tracking page must say of a round without answers, by SQL of its own on raw rows.

It knows neither where the application says that a response stands nor how it counts.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import text

from app.database import Database

Figures = dict[str, int]

_FIGURES = """
WITH asked AS (
  SELECT r.audience, o.region_m49, r.outcome, r.opened_at, r.due_at, r.id
    FROM response r
    JOIN round ON round.id = r.round_id AND round.code = :round
    JOIN round_participant p ON p.round_id = r.round_id AND p.organisation_id = r.organisation_id
    JOIN organisation o ON o.id = r.organisation_id
   WHERE p.basis = 'opening'
), stands AS (
  SELECT audience, region_m49, due_at,
         CASE WHEN outcome IS NOT NULL THEN outcome
              WHEN EXISTS (SELECT 1 FROM submission s WHERE s.response_id = asked.id) THEN 'answered'
              WHEN EXISTS (SELECT 1 FROM status_change c WHERE c.response_id = asked.id
                            AND c.after = 'in_progress') THEN 'in progress'
              WHEN opened_at IS NOT NULL THEN 'opened'
              ELSE 'not opened' END AS stand
    FROM asked
)
SELECT {key} AS line,
       SUM(CASE WHEN stand = 'answered' THEN 1 ELSE 0 END) AS answered,
       SUM(CASE WHEN stand NOT IN ('not_eligible', 'duplicate') THEN 1 ELSE 0 END) AS eligible,
       SUM(CASE WHEN stand = 'in progress' THEN 1 ELSE 0 END) AS in_progress,
       SUM(CASE WHEN stand = 'opened' THEN 1 ELSE 0 END) AS opened,
       SUM(CASE WHEN stand = 'not opened' THEN 1 ELSE 0 END) AS not_opened,
       SUM(CASE WHEN stand = 'declined' THEN 1 ELSE 0 END) AS declined,
       SUM(CASE WHEN stand IN ('in progress', 'opened', 'not opened') AND due_at < :now THEN 1 ELSE 0 END)
         AS late
  FROM stands
 WHERE {where}
 GROUP BY {key}
"""
_UNREACHED = """
SELECT o.code
  FROM response r
  JOIN round ON round.id = r.round_id AND round.code = :round
  JOIN organisation o ON o.id = r.organisation_id
 WHERE r.outcome IS NULL AND r.opened_at IS NULL
   AND EXISTS (SELECT 1 FROM appointment a WHERE a.organisation_id = o.id AND {in_force})
   AND NOT EXISTS (
     SELECT 1 FROM appointment a
      WHERE a.organisation_id = o.id AND {in_force}
        AND NOT EXISTS (SELECT 1 FROM address_failure f
                         WHERE f.user_id = a.user_id AND f.cleared_at IS NULL))
"""
_IN_FORCE = """a.role = 'focal_point' AND a.valid_from <= :today
 AND (a.valid_until IS NULL OR a.valid_until >= :today)"""


def by_audience(database: Database, round_code: str, now: datetime) -> Mapping[str, Figures]:
    """The figures of States, mechanisms and organisations."""
    return _lines(database, "audience", "1 = 1", round_code, now)


def by_region(database: Database, round_code: str, now: datetime) -> Mapping[str, Figures]:
    """The figures of States by region (UN M49)."""
    return _lines(database, "region_m49", "audience = 'state'", round_code, now)


def _lines(database: Database, key: str, where: str, round_code: str, now: datetime) -> Mapping[str, Figures]:
    statement = text(_FIGURES.format(key=key, where=where))
    with database.read() as session:
        found = session.execute(statement, {"round": round_code, "now": now.replace(tzinfo=None)}).mappings()
        return {row["line"]: {name: int(row[name]) for name in row if name != "line"} for row in found}


def not_reached(database: Database, round_code: str, today: date) -> set[str]:
    """The codes of those of whose focal points every one has an address at which letters fail."""
    statement = text(_UNREACHED.format(in_force=_IN_FORCE))
    with database.read() as session:
        return set(session.scalars(statement, {"round": round_code, "today": str(today)}))
