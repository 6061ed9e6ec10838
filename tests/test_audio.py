"""Sound files of any common kind become mono 16 kHz; faults are told in a sentence."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_coach.errors import BadInput
from voice_coach.listen.audio import read_wav
from voice_coach.listen.recognizer import RATE


def tone(rate: int, seconds: float = 0.5) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(rate * seconds)) / rate)


def samples(sound: bytes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.frombuffer(sound, "<i2").astype(np.float64) / 32768


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("kind", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_every_common_kind_sounds_the_same(tmp_path: Path, rate: int, kind: str) -> None:
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(rate), rate, kind)
    heard = samples(read_wav(path))
    assert len(heard) == pytest.approx(0.5 * RATE, abs=2)
    middle = slice(1000, 7000)
    assert np.abs(heard[: len(tone(RATE))] - tone(RATE)[: len(heard)])[middle].max() < 0.02


def test_stereo_is_averaged(tmp_path: Path) -> None:
    path = tmp_path / "both.wav"
    soundfile.write(path, np.column_stack([tone(RATE), np.zeros(RATE // 2)]), RATE)
    assert np.abs(samples(read_wav(path))).max() == pytest.approx(0.25, abs=0.01)


def test_loud_floats_are_clipped_and_no_numbers_are_silence(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    soundfile.write(path, np.array([3.0, -3.0, np.nan, np.inf, 0.0]), RATE, "FLOAT")
    assert np.frombuffer(read_wav(path), "<i2").tolist() == [32767, -32768, 0, 32767, 0]


def test_a_stream_of_unknown_length_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "piped.wav"
    soundfile.write(path, tone(RATE), RATE)
    whole = bytearray(path.read_bytes())
    whole[40:44] = struct.pack("<I", 0xFFFFFFFF)
    path.write_bytes(whole)
    assert len(read_wav(path)) == RATE


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"ID3 and more than twelve bytes", "not a WAV"),
        (b"RIFF", "not a WAV"),
        (b"RIFF\x24\0\0\0WAVE", "cut short"),
        (b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0", "cut short"),
        (b"RIFF\x24\0\0\0WAVEdata\x04\0\0\0\0\0\0\0", "cannot be read"),
    ],
)
def test_a_broken_file_is_told_in_a_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=told) as fault:
        read_wav(path)
    assert str(path) in fault.value.message
    assert fault.value.message.endswith(".")


@pytest.mark.parametrize("keep", [20, 44, 45, 1000, -1])
def test_a_cut_file_is_never_heard_as_a_whole_one(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "cut.wav"
    soundfile.write(path, tone(RATE), RATE)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(BadInput, match="cut short"):
        read_wav(path)


def test_a_file_without_sound_and_one_that_is_not_there(tmp_path: Path) -> None:
    silent = tmp_path / "none.wav"
    soundfile.write(silent, np.zeros(0), RATE)
    with pytest.raises(BadInput, match="no sound"):
        read_wav(silent)
    with pytest.raises(BadInput, match="cannot be opened"):
        read_wav(tmp_path / "absent.wav")
    with pytest.raises(BadInput):
        read_wav(tmp_path)
