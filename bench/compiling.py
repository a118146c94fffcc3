"""How long the summary of the EaP Panel takes to compile from the loaded demonstration round."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from app.database import Database
from app.models import Organisation, Round
from app.services import summarising
from bench.definitions import Figures, Targets
from bench.timing import cpu_ms

ROOT = Path(__file__).parents[1]


def measure(instance: Path) -> tuple[Figures, Targets]:
    """Load the demonstration into a folder of its own, then compile as the page does: query and all."""
    folder = instance / "demo"
    environment = {**os.environ, "RAPPORTEUR_ENV": "demo", "RAPPORTEUR_INSTANCE": str(folder)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "prepare"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    database = Database(f"sqlite:///{folder / 'rapporteur.sqlite'}")
    try:
        with database.read() as session:
            round_ = session.scalars(select(Round).where(Round.code == "2019")).one()
            iscm = session.scalars(select(Organisation).where(Organisation.code == "eap-panel")).one()
            taken = cpu_ms(lambda: summarising.current(session, round_, iscm), 20)
    finally:
        database.dispose()
    return {"compiling the EaP summary": {"cpu ms": taken}}, [("compiling the EaP summary", taken, 50, "ms")]
