"""What is kept of every act: the event, where it stands in its chain, and from time to time all ends of all chains."""

from __future__ import annotations

from django.db import models

from openipt.audit.listed import ListField

ID = 64  # letters of an id


class AuditEvent(models.Model):
    """Somebody did or saw something. Append-only, hash-chained per client, no foreign keys: it outlives what it names.

    It holds ids, the names of acts and codes of reasons; never a word that somebody wrote.
    """

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=ID)  # a client; the organisation where an event is of no single client
    place = models.PositiveBigIntegerField()  # 1, 2, 3 ... within the chain
    at = models.DateTimeField()
    by = models.CharField(max_length=ID)  # an account, or the name of a job
    organisation = models.CharField(max_length=ID)
    act = models.CharField(max_length=ID)
    client = models.CharField(max_length=ID, blank=True, default="")
    enrolment = models.CharField(max_length=ID, blank=True, default="")
    subject = models.CharField(max_length=ID, blank=True, default="")  # the one thing that was looked at
    shown = ListField(default=list)  # ids; of clients where `client` is empty
    purpose = models.CharField(max_length=ID, blank=True, default="")  # of a look; empty where something was written
    why = models.CharField(max_length=ID, blank=True, default="")  # a code or the id of a reason
    rows = ListField(default=list)  # [table, id, digest] of every row written
    prev = models.CharField(max_length=64)  # the hash of the event before
    hash = models.CharField(max_length=64)

    class Meta:
        """One event a place."""

        constraints = [models.UniqueConstraint(fields=["chain", "place"], name="audit_place_in_chain")]

    def __str__(self) -> str:
        return f"{self.chain}:{self.place}"


class Appearance(models.Model):
    """How often a client stood on somebody's lists within an hour: folded from the events, and made again from them."""

    id = models.BigAutoField(primary_key=True)
    client = models.CharField(max_length=ID)
    hour = models.DateTimeField()
    by = models.CharField(max_length=ID)
    act = models.CharField(max_length=ID)
    purpose = models.CharField(max_length=ID)
    times = models.PositiveIntegerField()

    class Meta:
        """One count an hour."""

        constraints = [
            models.UniqueConstraint(
                fields=["client", "hour", "by", "act", "purpose"], name="audit_one_appearance_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.hour:%Y-%m-%dT%H}"


class Anchor(models.Model):
    """Where all chains ended at a moment. Its line is kept elsewhere too; anchors are chained among themselves."""

    id = models.PositiveBigIntegerField(primary_key=True)  # 1, 2, 3 ...
    at = models.DateTimeField()
    upto = models.BigIntegerField()  # the id of the newest event it covers
    events = models.PositiveBigIntegerField()  # how many events it covers
    chains = models.PositiveBigIntegerField()
    heads = models.CharField(max_length=64)  # sha256 over the end of every chain
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)  # over all of this and the heads that moved

    def __str__(self) -> str:
        return f"anchor {self.id}"


class Head(models.Model):
    """The end of one chain at an anchor; kept only where the chain grew since the anchor before."""

    id = models.BigAutoField(primary_key=True)
    anchor = models.PositiveBigIntegerField()
    chain = models.CharField(max_length=ID)
    place = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        """One end a chain."""

        constraints = [models.UniqueConstraint(fields=["anchor", "chain"], name="audit_one_head_a_chain")]

    def __str__(self) -> str:
        return f"anchor {self.anchor} {self.chain}:{self.place}"
