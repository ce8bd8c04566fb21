"""As what a new person comes."""

from accounts.rules.labeled import Labeled


class Who(Labeled):
    ACTOR = "actor", "An actor"
    AGENCY = "agency", "I work for an agency"
    CASTING = "casting", "I work for a casting office"
    PRODUCTION = "production", "I work for a production company"
    GUARDIAN = "guardian", "A parent or guardian of a young actor"
