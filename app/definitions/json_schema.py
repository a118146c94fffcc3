"""The JSON Schema of a questionnaire's file, so that editors complete and underline."""

from typing import Any

from app.definitions.schema import Questionnaire

_VOCABULARY: dict[str, Any] = {
    "type": "object",
    "description": "The terms of a file under vocabularies/, all or some of them.",
    "properties": {
        "vocabulary": {"type": "string"},
        "only": {"type": "array", "items": {"type": "string"}},
        "except": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["vocabulary"],
    "additionalProperties": False,
}


def json_schema() -> dict[str, Any]:
    """Return the schema of what may be written: the stored form, but a list may name a vocabulary instead."""
    schema = Questionnaire.model_json_schema(by_alias=True)
    schema["$defs"]["VocabularyTerms"] = _VOCABULARY
    for shape in schema["$defs"].values():
        for name in ("options", "rows"):
            listed = shape.get("properties", {}).get(name)
            if listed is not None:
                either = listed.pop("anyOf", None) or listed.pop("oneOf", None) or [dict(listed)]
                shape["properties"][name] = {"anyOf": [*either, {"$ref": "#/$defs/VocabularyTerms"}]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
