"""The words an actor's profile is written in."""

from accounts.rules.labeled import Labeled

NO_ACCOUNT = "@no-account.invalid"  # ends the address of a child without an account; RFC 2606: it never delivers


class Gender(Labeled):
    WOMAN = "woman", "Woman"
    MAN = "man", "Man"
    NON_BINARY = "non_binary", "Non-binary"
    OWN_WORD = "own_word", "Another word"


class Union(Labeled):
    SAG_AFTRA = "sag_aftra", "SAG-AFTRA"
    EQUITY_UK = "equity_uk", "Equity (UK)"
    ACTRA = "actra", "ACTRA"
    OTHER = "other", "Another union"
    NONE = "none", "Not in a union"


class Language(Labeled):
    ENGLISH = "en", "English"
    SPANISH = "es", "Spanish"
    FRENCH = "fr", "French"
    GERMAN = "de", "German"
    ITALIAN = "it", "Italian"
    PORTUGUESE = "pt", "Portuguese"
    MANDARIN = "zh", "Mandarin"
    CANTONESE = "yue", "Cantonese"
    JAPANESE = "ja", "Japanese"
    KOREAN = "ko", "Korean"
    HINDI = "hi", "Hindi"
    ARABIC = "ar", "Arabic"
    POLISH = "pl", "Polish"
    YORUBA = "yo", "Yoruba"
    ASL = "ase", "American Sign Language"
