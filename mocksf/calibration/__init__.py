"""Calibration: the latency of a real org, from its event log or a browser's archive, as rules for a mock one."""

from mocksf.calibration.fit import Fit, fits
from mocksf.calibration.profile import profile
from mocksf.calibration.samples import Sample, Unreadable, samples

__all__ = ["Fit", "Sample", "Unreadable", "fits", "profile", "samples"]
