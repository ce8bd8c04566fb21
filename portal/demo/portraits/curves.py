"""Small mathematics of shapes."""

import math
from bisect import bisect_right


class Profile:
    """A smooth line through knots (position, value), flat beyond both ends (Catmull-Rom)."""

    def __init__(self, *knots: tuple[float, float]) -> None:
        self.at = [position for position, _ in knots]
        self.values = [value for _, value in knots]

    def __call__(self, position: float) -> float:
        at, values = self.at, self.values
        if position <= at[0]:
            return values[0]
        if position >= at[-1]:
            return values[-1]
        right = bisect_right(at, position)
        left = right - 1
        span = at[right] - at[left]
        share = (position - at[left]) / span
        before, after = max(0, left - 1), min(len(at) - 1, right + 1)
        slope = (values[right] - values[before]) / (at[right] - at[before]) * span
        slope_after = (values[after] - values[left]) / (at[after] - at[left]) * span
        square, cube = share * share, share * share * share
        return (
            (2 * cube - 3 * square + 1) * values[left]
            + (cube - 2 * square + share) * slope
            + (3 * square - 2 * cube) * values[right]
            + (cube - square) * slope_after
        )


def bell(distance: float, width: float) -> float:
    """1 in the middle, falling to nothing."""
    share = distance / width
    return math.exp(-share * share) if -4 < share < 4 else 0.0


def smooth(low: float, high: float, value: float) -> float:
    """0 below ``low``, 1 above ``high``, a soft step between (also with ``low`` above ``high``)."""
    share = min(1.0, max(0.0, (value - low) / (high - low)))
    return share * share * (3 - 2 * share)


def oval(angle: float, wide: float, front: float, back: float, power: float = 2.2) -> float:
    """Distance from the axis to a rounded oval at ``angle`` (0 is the front, a quarter turn the side)."""
    deep = front if math.cos(angle) > 0 else back
    if wide <= 0 or deep <= 0:
        return 0.0
    return float((abs(math.sin(angle) / wide) ** power + abs(math.cos(angle) / deep) ** power) ** (-1 / power))
