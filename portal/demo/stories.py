"""Who asked whom for what, and what came of it. Every move goes through the actions the pages use."""

from datetime import timedelta

from portal.demo.staging import CROWD, DINER, MUSEUM, STADIUM, TRAILER, VAN, VOICE, Stage
from replicas.actions.answering import reopen
from replicas.actions.drafting import withdraw
from replicas.actions.licensing import revoke, suspend
from replicas.actions.negotiating import extend
from replicas.rules.answering import Side
from replicas.rules.vocabulary import DenialReason


def maya(stage: Stage) -> None:
    """Maya Reyes, whose agent is Alex: requests waiting, one of them soon; some history."""
    now, ago = stage.world.now, stage.world.ago
    first = stage.asks(
        "Maya Reyes", "Harbor Lights", CROWD, TRAILER, sent=ago(days=3), due=stage.at_five("Maya Reyes", 1)
    )
    stage.advises(
        first,
        ago(days=2),
        "Alex Moreno",
        "I'd take the crowd shots. The trailer should pay more. I can go back to them.",
    )
    stage.talks(
        first, ago(days=1, hours=5), "Maya Reyes", Side.ACTOR, "Will I be next to the child actors in scene 14?"
    )
    stage.talks(
        first,
        ago(days=1),
        "Dana Whitfield",
        Side.LICENSEE,
        "No. They are on the pier, you are behind the wheel. The script page is attached to scene 14.",
    )
    stage.asks("Maya Reyes", "Voltline", VAN, sent=ago(days=2, hours=4), due=now + timedelta(hours=3), replica=1)
    stage.asks("Maya Reyes", "Ninth Inning", STADIUM, sent=ago(hours=20), due=stage.at_five("Maya Reyes", 6))
    countered = stage.asks(
        "Maya Reyes", "Low Tide", DINER, sent=ago(days=4), due=stage.at_five("Maya Reyes", 2), replica=1
    )

    note = "Two days in the same week as my play; I need the higher rate."
    stage.proposes(countered, ago(days=1, hours=2), "Maya Reyes", "620.00", note)
    stage.says_yes(
        stage.asks("Maya Reyes", "Low Tide", CROWD, sent=ago(days=30), due=ago(days=25), starts=2), ago(days=28)
    )
    stage.says_no(
        stage.asks("Maya Reyes", "The Understory", DINER, sent=ago(days=20), due=ago(days=14)),
        ago(days=19),
        DenialReason.TERM,
    )
    stage.asks("Maya Reyes", "Glacier", MUSEUM, sent=ago(days=16), due=ago(days=11), replica=1)


def marcus(stage: Stage) -> None:
    """Marcus Bell fears for his work and says no to scans and their reuse. His no shows nowhere else."""
    ago = stage.world.ago
    early = stage.asks("Marcus Bell", "Low Tide", CROWD, sent=ago(days=33), due=ago(days=27))
    stage.talks(
        early,
        ago(days=32),
        "Marcus Bell",
        Side.ACTOR,
        "In 2023 I was walked into a trailer and scanned before anybody told me what for. What is this one for, and who keeps it?",
    )
    stage.talks(
        early,
        ago(days=31, hours=12),
        "Dana Whitfield",
        Side.LICENSEE,
        "For three pick-up shots of the market. Volume Stage holds the files until 2028. You can say no, and nobody else will see that you did.",
    )
    stage.says_no(early, ago(days=31), DenialReason.PRIVATE, "I want to be asked to work, not to be copied.")
    stage.says_no(
        stage.asks("Marcus Bell", "Night Buses", DINER, sent=ago(days=18), due=ago(days=12)),
        ago(days=17),
        DenialReason.TRAINING,
    )
    stage.asks("Marcus Bell", "Harbor Lights", CROWD, sent=ago(days=1), due=stage.at_five("Marcus Bell", 4))


def lena(stage: Stage) -> None:
    """Lena Kowalski agreed once, in a hurry. The license runs; now she is asked for more and would reconsider."""
    ago = stage.world.ago
    stage.says_yes(
        stage.asks("Lena Kowalski", "Low Tide", CROWD, sent=ago(days=34), due=ago(days=28), starts=3, days=500),
        ago(days=33, hours=20),
    )
    again = stage.asks(
        "Lena Kowalski",
        "Harbor Lights",
        CROWD,
        TRAILER,
        sent=ago(days=2),
        due=stage.at_five("Lena Kowalski", 3),
        replica=1,
    )
    stage.talks(
        again,
        ago(days=1, hours=3),
        "Lena Kowalski",
        Side.ACTOR,
        "Last time I signed between two takes and only later saw myself in a crowd I had never stood in. Can I still change that one?",
    )
    stage.talks(
        again,
        ago(days=1),
        "Dana Whitfield",
        Side.LICENSEE,
        "Yes. Open the license and choose Revoke; we stop new shots at once. What is finished stays in the episode.",
    )
    gone = stage.asks("Lena Kowalski", "Glacier", VOICE, sent=ago(days=36), due=ago(days=30), replica=1, starts=2)
    stage.says_yes(gone, ago(days=35))
    stage.script.at(
        ago(days=9),
        lambda at: revoke(
            gone().license,
            reason="I did not understand that my voice could be moved to other lines.",
            by=stage.user("Lena Kowalski"),
            at=at,
        ),
    )


def endings(stage: Stage) -> None:
    """One of every other ending, so that each state can be seen."""
    ago, now = stage.world.ago, stage.world.now
    stage.says_yes(
        stage.asks("Jonah Adeyemi", "Glacier", MUSEUM, sent=ago(days=40), due=ago(days=35), starts=1, days=30),
        ago(days=39),
    )  # ended
    stage.says_yes(
        stage.asks("Priya Nair", "Harbor Lights", CROWD, TRAILER, sent=ago(days=6), due=ago(days=1), starts=40),
        ago(days=4),
        slice(0, 1),
    )  # scheduled
    stage.says_yes(
        stage.asks("Owen Clarke", "Voltline", VAN, sent=ago(days=12), due=ago(days=6), starts=3, days=45), ago(days=9)
    )
    paused = stage.asks("Hana Sato", "Low Tide", CROWD, sent=ago(days=24), due=ago(days=19), starts=2)
    stage.says_yes(paused, ago(days=22))
    reason = "I am told a still of the shot hangs in a shop window. Posters were not agreed."
    stage.script.at(ago(days=4), lambda at: suspend(paused().license, reason=reason, by=stage.user("Hana Sato"), at=at))
    stage.drafts("Samira Aziz", "Harbor Lights", CROWD, at=ago(hours=5))
    withdrawn = stage.asks("Tomas Vega", "Whiteout", MUSEUM, sent=ago(days=8), due=ago(days=2))
    stage.script.at(
        ago(days=5), lambda at: withdraw(withdrawn(), reason="The scene was cut.", by=stage.user("Signe Aune"), at=at)
    )
    taken_back = stage.asks(
        "Ines Duarte", "Harbor Lights", CROWD, sent=ago(days=3), due=stage.at_five("Ines Duarte", 2)
    )
    stage.says_no(taken_back, ago(days=2), DenialReason.FEE, "Is there more room?", shared=True)
    stage.script.at(ago(days=1, hours=20), lambda at: reopen(taken_back(), by=stage.user("Ines Duarte"), at=at))
    agreed = stage.asks("Noor Haddad", "Night Buses", DINER, sent=ago(days=5), due=now + timedelta(hours=30))
    stage.proposes(agreed, ago(days=3), "Alex Moreno", "540.00")
    stage.accepts(agreed, ago(days=2), "Harold Pike")
    bargained = stage.asks(
        "Kai Lindqvist", "Ninth Inning", STADIUM, sent=ago(days=6), due=stage.at_five("Kai Lindqvist", 1)
    )
    stage.proposes(bargained, ago(days=4), "Alex Moreno", "1400.00")
    stage.counters(bargained, ago(days=2, hours=12), "Harold Pike", "1100.00", "The most the publisher allows.")
    longer = stage.asks("Ruth Baptiste", "The Understory", DINER, sent=ago(days=3), due=now + timedelta(hours=20))
    stage.script.at(
        ago(hours=30),
        lambda at: extend(longer(), answer_by=now + timedelta(days=9), by=stage.user("Harold Pike"), at=at),
    )


def the_rest(stage: Stage) -> None:
    """Requests to many others, with deadlines from three hours to nine days ahead and answers of the last weeks."""
    now, ago = stage.world.now, stage.world.ago
    wishes = [
        ("Harbor Lights", CROWD),
        ("The Understory", DINER),
        ("Ninth Inning", STADIUM),
        ("Voltline", VAN),
        ("Glacier", VOICE),
        ("Whiteout", MUSEUM),
    ]
    free = [name for name in stage.world.actors if name not in ("Maya Reyes", "Marcus Bell", "Lena Kowalski")][9:]
    for position, name in enumerate(free[:40]):
        title, use = wishes[position % len(wishes)]
        if position % 3 == 0:
            stage.asks(
                name, title, use, sent=ago(days=2, hours=6 + position % 9), due=now + timedelta(hours=4 + position * 5)
            )
            continue
        sent = ago(days=32 - position % 24, hours=position % 7)
        request = stage.asks(name, title, use, sent=sent, due=sent + timedelta(days=5), starts=6)
        if position % 3 == 1:
            stage.says_yes(request, sent + timedelta(hours=20 + position))
        elif position % 2:
            stage.says_no(request, sent + timedelta(hours=30))


def write(stage: Stage) -> None:
    """All stories, onto the stage's script."""
    for story in (maya, marcus, lena, endings, the_rest):
        story(stage)
