"""Three sets of guardrails to begin with. They fill the form; nothing is saved by choosing one. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from accounts.rules.labeled import Labeled
from replicas.rules.guardrails import Guardrails
from replicas.rules.vocabulary import AIUse, Medium, Sensitive, Territory


class Preset(Labeled):
    CAUTIOUS = "cautious", "Cautious"
    UNION = "union", "Union default"
    OPEN = "open", "Open to work"


PRESETS: dict[str, Guardrails] = {
    Preset.CAUTIOUS: Guardrails(
        never_media=frozenset({Medium.COMMERCIAL, Medium.ONLINE}),
        never_content=frozenset({Sensitive.NUDITY, Sensitive.SEX, Sensitive.POLITICAL, Sensitive.ENDORSEMENT}),
        never_territories=frozenset({Territory.WORLD}),
        longest_days=366,  # from one day to the same day a year later, both counted
        notice_hours=96,
    ),
    Preset.UNION: Guardrails(),
    Preset.OPEN: Guardrails(never_ai=frozenset({AIUse.GENERATIVE_TRAINING})),
}
PRESET_MEANS = {
    Preset.CAUTIOUS: "No commercials, social media or worldwide use, no nudity, simulated sex, politics or "
    "endorsements, nothing into AI, no dubbing; one year at most, four days to answer.",
    Preset.UNION: "You are asked about everything, but nothing goes into an AI system and nobody dubs you.",
    Preset.OPEN: "You are asked about everything, dubbing too. Only training generative AI is ruled out.",
}


def preset(name: str, languages: Iterable[str]) -> Guardrails:
    """The preset for somebody who acts in ``languages``: where dubbing is off, uses in other languages are ruled out.

    Raises KeyError for a name there is not.
    """
    spoken = frozenset(languages)
    return PRESETS[name] if name == Preset.OPEN else replace(PRESETS[name], languages=spoken or None)
