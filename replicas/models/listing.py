"""What the search reads: one narrow row for each replica that can be found, and the words people can be offered."""

from typing import Self

from django.db import models
from django.db.models.functions import Now

from accounts.models import ActorProfile
from accounts.rules.people import Gender, Union
from replicas.models.permitted import RuleSet
from replicas.models.replica import Replica
from replicas.models.word_index import HasWords
from replicas.rules.listing import TermKind
from replicas.rules.vocabulary import ReplicaKind


class ListingQuerySet(models.QuerySet["Listing"]):
    def worded(self, words: list[str], *, names_only: bool = False, begun: bool = False) -> Self:
        """Rows in which every word occurs: whole, or from three letters on as the beginning of one.

        ``words`` are folded, letters and digits only (``rules.listing.words``). ``begun``: the last of them is still
        being typed, so that a letter is a beginning.
        """
        return self.filter(HasWords(words, names_only=names_only, begun=begun)) if words else self


class Listing(models.Model):
    """A replica as the search knows it. There is a row exactly while it is listed, confirmed and of an active person.

    A copy: ``replicas/actions/listing.py`` is its only writer and makes it from the replica and the profile. Nothing
    in it says what anybody ever answered. ``captured`` is a mask of ``rules.listing.MODALITY_BITS``; ``languages`` is
    ``" en es "`` as in the profile; ``place`` is ``"|burbank|california|"``; ``names`` and ``words`` are folded words
    with one space between them, indexed for full text by ``models/word_index.py``; ``skills`` are those that can be
    offered again, one a line; ``tags`` say once more, for PostgreSQL's full text, what no other index of it can find.
    ``lot_0`` to ``lot_3`` are four
    fixed shuffles, of which each day takes one (``rules.listing.order_of``). ``listed_at`` is written by the database
    as the row comes; a change of it leaves the moment. ``rules`` are the actor's, as ``ActorRules`` has them
    (``actions/permitted.py``).
    """

    replica = models.OneToOneField(Replica, on_delete=models.CASCADE, primary_key=True, related_name="listing")
    actor = models.ForeignKey(ActorProfile, on_delete=models.CASCADE, related_name="listings")
    sort_name = models.CharField(max_length=120)
    captured = models.PositiveSmallIntegerField("mask of what was captured")
    kind = models.CharField(max_length=5, choices=ReplicaKind.choices())
    gender = models.CharField(max_length=12, choices=Gender.choices(), blank=True)
    union = models.CharField(max_length=12, choices=Union.choices(), blank=True)
    languages = models.CharField(max_length=120, blank=True)
    year = models.PositiveSmallIntegerField("year of capture")
    age_from = models.PositiveSmallIntegerField(null=True)
    age_to = models.PositiveSmallIntegerField(null=True)
    height_cm = models.PositiveSmallIntegerField(null=True)
    place = models.CharField(max_length=250, blank=True)
    names = models.TextField()
    words = models.TextField(blank=True)
    skills = models.TextField(blank=True)
    tags = models.TextField(blank=True)
    lot_0 = models.IntegerField()
    lot_1 = models.IntegerField()
    lot_2 = models.IntegerField()
    lot_3 = models.IntegerField()
    listed_at = models.DateTimeField("listed since", db_default=Now())
    rules = models.ForeignKey(RuleSet, on_delete=models.PROTECT, null=True, related_name="listings")

    objects = ListingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sort_name", "replica"], name="listing_by_name"),
            *(models.Index(fields=[f"lot_{lot}", "replica"], name=f"listing_by_lot_{lot}") for lot in range(4)),
            models.Index(fields=["listed_at"], name="listing_by_news"),
        ]

    def __str__(self) -> str:
        return self.sort_name


class ListingTerm(models.Model):
    """A word of a listed name, or a listed skill, and in how many listings it is: what typing is completed from.

    Gone with the last listing that has it, so that nobody is offered the name of somebody who left.
    """

    kind = models.CharField(max_length=5, choices=TermKind.choices())
    term = models.CharField(max_length=60)
    listings = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "term"], name="listing_term_once")]

    def __str__(self) -> str:
        return self.term
