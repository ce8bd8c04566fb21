from random import Random

from portal.demo.portraits.sheet import Sheet


def draw(sheet: Sheet, random: Random) -> None: ...
