"""The people one can be in the demo: shown on the sign-in page as buttons, made by the demo data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    name: str
    role: str
    blurb: str


_AT = "@demo.understudy.example"
PEOPLE = (
    DemoPerson(f"maya{_AT}", "Maya Reyes", "Actor", "Requests wait for her answer"),
    DemoPerson(f"marcus{_AT}", "Marcus Bell", "Background actor", "Refuses scans and fears what that costs"),
    DemoPerson(f"lena{_AT}", "Lena Kowalski", "Actor", "Agreed once and would now reconsider"),
    DemoPerson(f"rosa{_AT}", "Rosa Vega", "Guardian", "Answers with her husband for Mia, who is 16"),
    DemoPerson(f"mia{_AT}", "Mia Vega", "Young actor", "Reads along while her parents decide"),
    DemoPerson(f"alex{_AT}", "Alex Moreno", "Agent", "Owns an agency with Maya and 25 more"),
    DemoPerson(f"dana{_AT}", "Dana Whitfield", "Casting director", "Fills a harbor fair with a crowd"),
    DemoPerson(f"staff{_AT}", "Sol Archer", "Staff", "Sees that no letter gets stuck"),
)
BY_EMAIL = {person.email: person for person in PEOPLE}
