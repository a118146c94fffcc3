"""The declarative base: naming convention, recurring columns, enums by value."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import JSON, Date, Enum, MetaData, String, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

from app.database import UTCDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

PortableJSON = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

Key = Annotated[UUID, mapped_column(Uuid(), primary_key=True, default=uuid4)]
Code = Annotated[str, mapped_column(String(80))]
Words = Annotated[str, mapped_column(Text())]
Digest = Annotated[str, mapped_column(String(64))]
Json = Annotated[Any, mapped_column(PortableJSON)]


class Base(DeclarativeBase):
    """What every table shares."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        datetime: UTCDateTime(),
        date: Date(),
        str: Text(),
    }


def by_value(kind: type[StrEnum], name: str) -> Enum:
    """A column type that stores the member's value; ``name`` names the CHECK that refuses any other."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )
