"""What every job is given."""

from collections.abc import Callable
from dataclasses import dataclass

from app.database import Database
from config import Settings


@dataclass(frozen=True)
class PublicLinks:
    """Addresses in letters, made of PUBLIC_URL and never of what a request says of itself."""

    base: str

    def sign_in(self, token: str) -> str:
        """The page that signs in with this token."""
        return f"{self.base}/sign-in/{token}"

    def page(self, path: str) -> str:
        """The page with this path."""
        return f"{self.base}{path}"


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Work:
    """Database and settings; a job that takes long asks ``stopping`` between two steps, and ends there."""

    database: Database
    settings: Settings
    stopping: Callable[[], bool] = _never

    @property
    def links(self) -> PublicLinks:
        """The addresses that letters name."""
        return PublicLinks(self.settings.public_url)
