"""Sample calls as data files, and the loader that checks them before anybody plays them."""

from scenarios.recordings.loader import BadRecording, load_recording, recording
from scenarios.recordings.model import Caller, End, Heard, Recording, Step, Utterance

__all__ = [
    "BadRecording",
    "Caller",
    "End",
    "Heard",
    "Recording",
    "Step",
    "Utterance",
    "load_recording",
    "recording",
]
