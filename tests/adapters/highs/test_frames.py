"""Frames arrive as they were sent, in whatever pieces, and what is no frame is refused."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwartier.adapters.highs.frames import LIMIT_BYTES, Frame, FrameReader, GarbledFrame, Kind, read_frame

FRAMES = st.builds(Frame, st.sampled_from(Kind), st.integers(0, 2**64 - 1), st.binary(max_size=200))


@given(st.lists(FRAMES, max_size=5), st.integers(1, 50))
def test_frames_are_put_together_from_pieces(frames: list[Frame], piece_bytes: int) -> None:
    sent = b"".join(frame.pack() for frame in frames)
    reader, received = FrameReader(), []
    for start in range(0, len(sent), piece_bytes):
        reader.feed(sent[start : start + piece_bytes])
        while (frame := reader.next_frame()) is not None:
            received.append(frame)
    assert received == frames


@given(st.lists(FRAMES, max_size=5))
def test_a_stream_is_read_to_its_end(frames: list[Frame]) -> None:
    stream = io.BytesIO(b"".join(frame.pack() for frame in frames))
    assert [read_frame(stream) for _ in frames] == frames
    assert read_frame(stream) is None


@given(FRAMES, st.data())
def test_half_a_frame_is_none(frame: Frame, data: st.DataObject) -> None:
    whole = frame.pack()
    half = whole[: data.draw(st.integers(0, len(whole) - 1))]
    reader = FrameReader()
    reader.feed(half)
    assert reader.next_frame() is None
    assert read_frame(io.BytesIO(half)) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Running HiGHS", "no frame starts with b'R'|b'R' has no payload|bytes"),
        (b"x" * 13, "no frame starts with b'x'"),
        (b"P" + bytes(8) + (LIMIT_BYTES + 1).to_bytes(4, "big"), "67,108,865 bytes, and at most 67,108,864"),
    ],
)
def test_what_is_no_frame_is_refused(data: bytes, reason: str) -> None:
    reader = FrameReader()
    reader.feed(data)
    with pytest.raises(GarbledFrame, match=reason):
        reader.next_frame()
    with pytest.raises(GarbledFrame, match=reason):
        read_frame(io.BytesIO(data))
