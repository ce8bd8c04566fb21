"""The words replicas, requests and licenses are described in. Union terms as in the 2023 and 2026 TV/Theatrical
agreements (employment-based, independently created, background actor digital replica)."""

from accounts.rules.labeled import Labeled


class ReplicaKind(Labeled):
    EBDR = "ebdr", "Employment-based replica (EBDR)"
    ICDR = "icdr", "Independently created replica (ICDR)"
    BADR = "badr", "Background actor replica (BADR)"


KIND_MEANS = {
    ReplicaKind.EBDR: "Made at work on a production, with the actor taking part.",
    ReplicaKind.ICDR: "Made without the actor taking part, from material that already existed.",
    ReplicaKind.BADR: "Made at work as a background actor.",
}


class Modality(Labeled):
    FACE = "face", "Face"
    BODY = "body", "Body"
    VOICE = "voice", "Voice"
    MOTION = "motion", "Motion"


class Visibility(Labeled):
    LISTED = "listed", "Listed"
    BY_LINK = "by_link", "By link"
    HIDDEN = "hidden", "Hidden"


VISIBILITY_IN_SHORT = {
    Visibility.LISTED: (
        "Casting people, agents and other actors here can find it in the search. Casting people can put it on lists "
        "they show to others, and ask you."
    ),
    Visibility.BY_LINK: "Only people you give the link to can see it and ask you.",
    Visibility.HIDDEN: "Only you and your agency see it. Nobody can ask.",
}
VISIBILITY_MEANS = {  # beside the choice, where it has to be whole
    **VISIBILITY_IN_SHORT,
    Visibility.LISTED: (
        "Casting people, agents and other actors here can find it in the search. Casting people can ask you, put it on "
        "a shortlist, and show that list to somebody outside by a link that expires. The link shows your name, "
        "pictures with a watermark, what the search says of you and, if they wish, their notes; never how to reach "
        "you, and nobody under 18."
    ),
}


class ReplicaState(Labeled):
    PROPOSED = "proposed", "Waits for the actor"
    CONFIRMED = "confirmed", "Confirmed"
    DECLINED = "declined", "Declined"
    LEAVING = "leaving", "Being withdrawn"
    DESTROYED = "destroyed", "Destroyed"


class ProjectKind(Labeled):
    FEATURE = "feature", "Feature film"
    SERIES = "series", "Series"
    COMMERCIAL = "commercial", "Commercial"
    GAME = "game", "Game"
    OTHER = "other", "Something else"


class Agreement(Labeled):
    SAG_TV_THEATRICAL = "sag_tv_theatrical_2026", "SAG-AFTRA TV/Theatrical 2026"
    SAG_COMMERCIALS = "sag_commercials_2025", "SAG-AFTRA Commercials 2025"
    SAG_INTERACTIVE = "sag_interactive_2025", "SAG-AFTRA Interactive Media 2025"
    ACTRA_IPA = "actra_ipa", "ACTRA"
    EQUITY_PACT = "equity_pact", "Equity–Pact"
    NONE = "none", "No union agreement"


class UseRole(Labeled):
    BACKGROUND = "background", "Background"
    FEATURED = "featured", "Featured"
    PRINCIPAL = "principal", "Principal"


class Medium(Labeled):
    THEATRICAL = "theatrical", "Cinema"
    TELEVISION = "television", "Television"
    STREAMING = "streaming", "Streaming"
    ONLINE = "online", "Online and social media"
    COMMERCIAL = "commercial", "Commercials"
    GAME = "game", "Games"
    TRAILER = "trailer", "Trailers and promos"
    STILLS = "stills", "Posters and stills"
    AUDIO = "audio", "Audio"
    LIVE = "live", "Live events"


class Territory(Labeled):
    WORLD = "world", "Worldwide"
    US_CA = "us_ca", "United States and Canada"
    US = "us", "United States"
    CANADA = "ca", "Canada"
    UK_IE = "uk_ie", "United Kingdom and Ireland"
    EU = "eu", "European Union"
    LATIN_AMERICA = "latam", "Latin America"
    ASIA_PACIFIC = "apac", "Asia and Pacific"
    AFRICA_MIDDLE_EAST = "africa_me", "Africa and Middle East"


class AIUse(Labeled):
    """The four entries of CAWG training and data mining 1.1; each is off until asked for and agreed."""

    INFERENCE = "ai_inference", "Feed it to an AI system as input"
    GENERATIVE_TRAINING = "ai_generative_training", "Train generative AI on it"
    TRAINING = "ai_training", "Train other AI on it"
    DATA_MINING = "data_mining", "Mine it for data"


class Sensitive(Labeled):
    NUDITY = "nudity", "Nudity"
    SEX = "simulated_sex", "Simulated sex"
    VIOLENCE = "violence", "Violence or injury"
    POLITICAL = "political", "Political message"
    ENDORSEMENT = "endorsement", "Endorsing a product"
    DRUGS = "drugs", "Drugs, alcohol or tobacco"
    RELIGION = "religion", "Religious content"
    CRIME = "crime", "Portrayed as a criminal"
    AS_MINOR = "as_minor", "Shown as somebody under 18"


class Currency(Labeled):
    USD = "USD", "US dollars"
    CAD = "CAD", "Canadian dollars"
    GBP = "GBP", "Pounds sterling"
    EUR = "EUR", "Euros"


class DenialReason(Labeled):
    FEE = "fee", "The fee"
    CONTENT = "content", "What it shows"
    MEDIUM = "medium", "Where it would be seen"
    TERRITORY = "territory", "The territory"
    TERM = "term", "How long it runs"
    TRAINING = "training", "AI training"
    TIMING = "timing", "The timing"
    PRIVATE = "private", "I'd rather not say"


class AfterDeath(Labeled):
    """Rule R18: what becomes of a consent after death is the performer's own choice; unless they choose, it ends."""

    ENDS = "ends", "It ends"
    GOES_ON = "goes_on", "It goes on to its last day"
    ESTATE = "estate", "My estate decides"


class ReasonSeenBy(Labeled):
    AGENT = "agent", "Only I and my agent"
    REQUESTER = "requester", "Also the people who asked"
