"""The demo's projects and its 120 replicas with their drawn previews."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from io import BytesIO
from itertools import count
from random import Random

from portal.demo.cast import WOMEN
from portal.demo.houses import OWNERS, World
from portal.demo.portraits import Kind, draw_portrait
from portal.demo.portraits.people import person
from replicas.actions.previews import add_preview
from replicas.actions.projects import create_project
from replicas.actions.replicas import confirm, hash_shown, record_files, register
from replicas.models import Project, Replica
from replicas.previews import Rendered, process
from replicas.rules.files import FileRow
from replicas.rules.projects import ProjectFacts
from replicas.rules.replicas import Facts
from replicas.rules.vocabulary import Agreement, ProjectKind, ReplicaKind, Visibility

PROJECTS = (
    # house, title, kind, agreement, company, synopsis, photography from and to (days from now)
    ("nova", "Harbor Lights", ProjectKind.FEATURE, Agreement.SAG_TV_THEATRICAL, "Nova Pictures", "A harbor town on the night of its last fair, and the ferry that does not come back.", -40, 60),
    ("nova", "Low Tide", ProjectKind.SERIES, Agreement.SAG_TV_THEATRICAL, "Nova Pictures", "Season two. The salvage crew finds what the first season sank.", -200, -60),
    ("nova", "Voltline", ProjectKind.COMMERCIAL, Agreement.SAG_COMMERCIALS, "Brightside Agency", "An electric van crosses a sleeping city before dawn.", 20, 24),
    ("secondunit", "The Understory", ProjectKind.FEATURE, Agreement.SAG_TV_THEATRICAL, "Pale Fern Films", "Four botanists, one forest, and a census nobody wants finished.", 30, 90),
    ("secondunit", "Night Buses", ProjectKind.SERIES, Agreement.NONE, "Owl & Daughters", "Strangers on the last routes of a city, one line per episode.", 45, 120),
    ("secondunit", "Ninth Inning", ProjectKind.GAME, Agreement.SAG_INTERACTIVE, "Fieldhouse Games", "Baseball management with a crowd that remembers your trades.", None, None),
    ("glacier", "Glacier", ProjectKind.FEATURE, Agreement.ACTRA_IPA, "Glacier Films", "A rescue pilot turns back for the camp everyone has given up.", -90, -10),
    ("glacier", "Whiteout", ProjectKind.OTHER, Agreement.ACTRA_IPA, "Glacier Films", "Exhibition film for a museum of the north: eleven minutes, one blizzard.", 60, 70),
)  # fmt: skip
STAGES = ("Volume Stage, Burbank", "Halo Capture, Atlanta", "Northern Scan, Vancouver", "Lightcage, London")
SOURCES = ("Low Tide", "Glacier", "The Quiet Car", "Carousel", "Second Harvest", "")
SORTS: tuple[tuple[ReplicaKind, tuple[str, ...], Kind], ...] = (
    # kind, modalities, drawing
    (ReplicaKind.BADR, ("face", "body"), "body"),
    (ReplicaKind.BADR, ("body",), "body"),
    (ReplicaKind.EBDR, ("face",), "face"),
    (ReplicaKind.ICDR, ("voice",), "voice"),
    (ReplicaKind.BADR, ("motion", "body"), "motion"),
    (ReplicaKind.EBDR, ("face", "body"), "face"),
)
LONGER = frozenset({"bob", "scarf", "long", "waves", "bun", "fringe"})
NOTES = {
    "face": ("Neutral light, 96 cameras, 4K textures.", "Eighteen expressions. Hair shorter than today."),
    "body": ("Full sweep in own clothes, autumn jacket.", "T-pose in period costume; second pass without hat."),
    "voice": ("Forty minutes of read sentences, clean room.", "Two accents, whispered to shouted."),
    "motion": ("Walk, run, sit, crowd idle loops. Markers removed.", "Stairs, falls and a slow waltz."),
}
PICTURE = (720, 960)


def add_projects(world: World) -> dict[str, Project]:
    found = {}
    for position, (house, title, kind, agreement, company, synopsis, start, end) in enumerate(PROJECTS):
        organization = world.houses[house]
        owner = world.users[OWNERS[house]]
        day = world.now.date()
        facts = ProjectFacts(
            title,
            kind,
            agreement,
            company,
            synopsis,
            day + timedelta(days=start) if start is not None else None,
            day + timedelta(days=end) if end is not None else None,
        )
        at = world.ago(days=44, minutes=-position)
        found[title] = create_project(organization=organization, facts=facts, by=owner, at=at)
    return found


def add_replicas(world: World, say: Callable[[str], None], drawings: int) -> dict[str, list[Replica]]:
    """Two replicas for every actor, each with one drawn preview; drawing and cleaning run on all cores."""
    jobs = [(name, turn) for name in world.actors for turn in range(2)]
    faces = [face_of(name, number) for number, name in enumerate(world.actors)]
    kinds = [(faces[seed // 2], SORTS[_sort(seed)][2]) for seed in range(min(drawings, len(jobs)))]
    shelf: dict[str, list[Replica]] = {}
    with ProcessPoolExecutor() as pool:
        pictures = pool.map(_picture, kinds, chunksize=4)
        drawn: list[Rendered] = []
        for seed, (name, turn) in enumerate(jobs):
            drawn += [next(pictures)] if len(drawn) < len(kinds) else []
            shelf.setdefault(name, []).append(_add_replica(world, name, turn, seed, drawn[seed % len(kinds)]))
            if seed % 20 == 19:
                say(f"  {seed + 1} of {len(jobs)} replicas")
    return shelf


def draw(name: str) -> Rendered:
    """One body scan of somebody beside the cast."""
    return _picture((face_of(name, 99), next(drawing for _, modalities, drawing in SORTS if modalities == ("body",))))


def _sort(seed: int) -> int:
    """Which sort of replica the seed gives: both of one actor's differ."""
    return (seed * 7 + seed // 2) % len(SORTS)


def face_of(name: str, number: int) -> int:
    """The seed of a person whose build and hair suit the name: nobody called Maya wears a beard here."""
    is_woman = name.split()[0] in WOMEN
    for seed in count(number * 1000):
        who = person(Random(f"{seed}:person"))
        if (who.beard == "none" and who.style in LONGER) if is_woman else who.style not in LONGER:
            return seed
    raise AssertionError("There is always another seed.")


def _picture(drawing: tuple[int, Kind]) -> Rendered:
    seed, kind = drawing
    file = BytesIO()
    draw_portrait(seed, kind=kind, size=PICTURE).save(file, "PNG", compress_level=1)
    file.seek(0)
    return process(file)


def _add_replica(world: World, name: str, turn: int, seed: int, picture: Rendered) -> Replica:
    random = Random(seed)
    actor = world.actors[name]
    kind, modalities, drawing = SORTS[_sort(seed)]
    stage = random.choice(STAGES)
    facts = Facts(
        kind=kind,
        modalities=modalities,
        captured_on=date(
            random.choice((2022, 2023, 2024, 2024, 2025, 2026)), random.randint(1, 9), random.randint(1, 28)
        ),
        captured_at_place=stage.split(", ")[1],
        captured_by=stage.split(", ")[0],
        captured_for=random.choice(SOURCES),
        custodian=stage.split(", ")[0],
        custody_place=stage.split(", ")[1],
        custody_until=date(2028, random.randint(1, 12), 28),
        notes=random.choice(NOTES[drawing]),
    )
    at = world.ago(days=43, minutes=-4 * seed)
    agency = "northlight" if name in ("Jonah Adeyemi", "Priya Nair") and turn else ""
    shown = (
        Visibility.HIDDEN
        if name == "Marcus Bell" and turn
        else Visibility.BY_LINK
        if seed % 19 == 7
        else Visibility.LISTED
    )
    by = world.users["Alex Moreno"] if agency else actor.user
    replica = register(actor=actor, facts=facts, visibility=shown, by=by, at=at)
    add_preview(replica, picture=picture, caption=f"{replica.name.capitalize()}, {stage}", by=by, at=at)
    record_files(replica, files=_files(seed), by=by, at=at)
    if agency and name == "Jonah Adeyemi":  # Priya's still waits for her
        replica.refresh_from_db()
        confirm(replica, visibility=shown, shown=hash_shown(replica), by=actor.user, at=at + timedelta(hours=30))
    replica.refresh_from_db()
    return replica


def _files(seed: int) -> list[FileRow]:
    random = Random(seed)
    return [
        FileRow(name, hashlib.sha256(f"{seed}/{name}".encode()).hexdigest(), random.randint(2, 90) * 10**8, "")
        for name in ("mesh_lod0.abc", "textures_16k.exr.tar", "manifest.json")[: random.randint(1, 3)]
    ]
