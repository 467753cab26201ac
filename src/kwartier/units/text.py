"""Short text that names something: no control characters, nothing invisible, nothing that turns the line around."""

from typing import Annotated

from pydantic import Field

# Control characters (C0, DEL, C1): databases refuse NUL, terminals and logs obey some of the others. Format characters:
# zero-width and bidirectional ones make two different names look alike (Unicode TR 36, section 2.5).
_UNFIT = r"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"

NAME_LENGTH = 200

Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH, pattern=rf"^[^{_UNFIT}]+$")]
"""An asset's or transaction's name: 1 to 200 visible characters of any script."""

SITE_ID_PATTERN = r"^[a-zA-Z0-9_-]{1,64}$"
"""The reference document's pattern of `site_id`."""
