"""JSON Merge Patch (RFC 7396): a document that says how another one changes."""

from typing import Any


def merge_patch(target: Any, patch: Any) -> Any:
    """The target with the patch applied: an object merges key by key, null removes a key, anything else replaces.

    Neither argument is changed. The algorithm is the one of RFC 7396, section 2.

    >>> merge_patch({"name": "Hall", "site": {"a": 1, "b": 2}}, {"name": "Yard", "site": {"b": None}})
    {'name': 'Yard', 'site': {'a': 1}}
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged
