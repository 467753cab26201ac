"""How the wire models become the JSON Schema that `kwartier schema` prints."""

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import TaggedUnionSchema

# The tag of the models that keep a device, contract or operator of a kind that nobody knows.
UNKNOWN_KIND = "unknown"


class PublishedSchema(GenerateJsonSchema):
    """pydantic's schema without the kinds that are stored and always reported as errors.

    Such a model takes anything: with it, every device would match two branches of a `oneOf`, and so none.
    """

    def tagged_union_schema(self, schema: TaggedUnionSchema) -> JsonSchemaValue:
        """The schema of a union whose members a field tells apart."""
        known = {tag: choice for tag, choice in schema["choices"].items() if tag != UNKNOWN_KIND}
        return super().tagged_union_schema({**schema, "choices": known})
