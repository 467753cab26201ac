"""A collector: an electrical board with a current limit on each phase."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from kwartier.units.phase import PHASES
from kwartier.units.wire import FromIntegral, Known, WireModel

PhaseText = Annotated[str, Known(PHASES)]


class PhasePermutations(WireModel):
    """Which phase of the parent feeds which phase of the child: `parent[i]` feeds `child[i]`, a bijection."""

    parent: list[PhaseText]
    child: list[PhaseText]


def _child_tag(value: Any) -> str | None:
    if value is None:
        return "none"
    return "name" if isinstance(value, str) else "collector"


class Collector(WireModel):
    """One node of the electrical tree as the site document writes it.

    `children` holds nested collectors or names of other entries of `collector_list`; null entries mean nothing.
    Example: `Collector(name="main", line_current=250, line_voltage=400)`.
    """

    name: Annotated[str, Field(min_length=1, max_length=200)]
    children: (
        list[
            Annotated[
                Annotated["Collector", Tag("collector")]
                | Annotated[str, Tag("name")]
                | Annotated[None, Tag("none")],
                Discriminator(_child_tag),
            ]
        ]
        | None
    ) = Field(
        default=None,
        description="Nested collectors, or names of other collectors of the list; null is dropped.",
    )
    phase_permutations: PhasePermutations | None = Field(
        default=None,
        description="`parent[i]` feeds `child[i]`. Absent: each phase hangs on the phase of its own name.",
    )
    line_current: Annotated[int, Field(ge=0, le=100_000), FromIntegral] = Field(
        description="Limit in A on each phase, in both directions."
    )
    line_voltage: Annotated[int, Field(gt=0, le=1_000), FromIntegral] | None = Field(
        default=None,
        description="V between two lines. 200 to 260 without `phase_voltage`: a three-wire 3x230 V network (decided).",
    )
    phase_voltage: Annotated[int, Field(gt=0, le=1_000), FromIntegral] | None = Field(
        default=None,
        description="V between a phase and neutral. Wins over `line_voltage` where both are given.",
    )
    commodity: Annotated[str, Known(("electricity",))] = "electricity"
    collector_type: Annotated[str, Known(("1P", "3P"))] = Field(
        default="3P", alias="1P_3P", description="3P has phases L1, L2, L3; 1P has L1 only."
    )
