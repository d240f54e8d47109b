"""A sound client of the Lead Provider API, and others that differ from it in one mistake that clients really make."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

Json = dict[str, Any]
LISTS = {
    "participants": "/api/v3/participants/ecf",
    "declarations": "/api/v3/participant-declarations",
    "partnerships": "/api/v3/partnerships/ecf",
}
LIVE = ("submitted", "eligible", "payable", "paid")


class Refused(Exception):
    """The service says no."""


class Unreachable(Exception):
    """The service does not answer, though it was asked again."""


class Sound:
    """Reads whole lists by pages, asks for changes since it last began, and never sends a declaration twice."""

    per_page = 2
    service = "ecf"
    lists = LISTS
    partnership_types = ("ecf-partnership", "ecf-partnership-update")

    def __init__(self, world):
        self.world = world
        self.rows: dict[str, dict[str, Json]] = {name: {} for name in LISTS}
        self.since: datetime | None = None

    # What it knows

    def participants(self):
        return self.rows["participants"]

    def declarations(self):
        return self.rows["declarations"]

    def partnerships(self):
        return self.rows["partnerships"]

    # Synchronising

    def sync(self):
        began = self.world.now
        found = {name: self.read(name) for name in LISTS}
        self.rows, self.since = {name: {} for name in LISTS}, self.next_since(began)
        for name, rows in found.items():
            self.take(name, rows)

    def sync_changes(self):
        began = self.world.now
        found = {name: self.read(name, since=self.since) for name in LISTS}
        self.since = self.next_since(began)
        for name, rows in found.items():
            self.take(name, rows)
        self.follow_retired_ids(found["participants"])

    def next_since(self, began):
        return began

    def take(self, name, rows):
        self.rows[name] |= {it["id"]: it["attributes"] for it in rows}

    def follow_retired_ids(self, participants):
        for it in participants:
            for change in it["attributes"]["participant_id_changes"]:
                if change["from_participant_id"] != it["id"]:
                    self.rows["participants"].pop(change["from_participant_id"], None)

    def read(self, name, since=None):
        found = []
        for number in count(1):
            rows = self.page(name, number, since)
            found += rows
            if len(rows) < self.per_page:
                break
        return found

    def page(self, name, number, since):
        query = f"page[page]={number}&page[per_page]={self.per_page}"
        if since is not None:
            query += f"&filter[updated_since]={self.written(since)}"
        return self.ask("GET", f"{self.lists[name]}?{query}").json["data"]

    def written(self, moment):
        return quote(moment.isoformat(timespec="seconds"))

    # Acting

    def declare(self, **attributes):
        try:
            answer = self.ask("POST", self.lists["declarations"], _document("participant-declaration", attributes))
        except Unreachable:
            if self.made_after_all(attributes):
                return
            raise
        self.take("declarations", [answer.json["data"]])

    def made_after_all(self, attributes):
        """Whether a declaration arrived whose answer did not."""
        query = urlencode({"filter[participant_id]": attributes["participant_id"], "page[per_page]": 3000})
        rows = self.ask("GET", f"{self.lists['declarations']}?{query}").json["data"]
        same = [it for it in rows if _same(it["attributes"], attributes)]
        self.take("declarations", same)
        return bool(same)

    def void(self, id):
        answer = self.ask("PUT", f"{self.lists['declarations']}/{id}/void")
        self.take("declarations", [answer.json["data"]])

    def defer(self, id, **attributes):
        self.update(id, "defer", attributes)

    def withdraw(self, id, **attributes):
        self.update(id, "withdraw", attributes)

    def resume(self, id, **attributes):
        self.update(id, "resume", attributes)

    def change_schedule(self, id, **attributes):
        self.update(id, "change-schedule", attributes)

    def update(self, id, action, attributes):
        path = f"{self.lists['participants']}/{id}/{action}"
        answer = self.ask("PUT", path, _document(f"participant-{action}", attributes))
        self.take("participants", [answer.json["data"]])

    def confirm_partnership(self, **attributes):
        answer = self.ask("POST", self.lists["partnerships"], _document(self.partnership_types[0], attributes))
        self.take("partnerships", [answer.json["data"]])

    def update_partnership(self, id, **attributes):
        document = _document(self.partnership_types[1], attributes)
        answer = self.ask("PUT", f"{self.lists['partnerships']}/{id}", document)
        self.take("partnerships", [answer.json["data"]])

    # Asking

    def ask(self, method, target, document=None, headers=None):
        """An answer; a read is asked again when the network fails, and anything when it came too soon."""
        for _ in range(4):
            try:
                answer = self.send(method, target, document, headers)
            except ConnectionError:
                answer = None
            if answer is not None and answer.status == 429:
                self.world.advance(seconds=10)
            elif answer is None or answer.status == 503:
                if not self.may_repeat(method):
                    break
            elif answer.status >= 400:
                raise Refused(answer)
            else:
                return answer
        raise Unreachable(f"{method} {target}")

    def may_repeat(self, method):
        return method == "GET"

    def send(self, method, target, document, headers):
        return self.world.client.request(method, target, document, headers=headers)


def _document(type, attributes):
    return {"data": {"type": type, "attributes": attributes}}


def _same(known, told):
    names = ("participant_id", "declaration_type", "course_identifier")
    return known["state"] in LIVE and all(known[it] == told[it] for it in names)


class LosesTheLastPage(Sound):
    """A page that is not full ends the list, before it is taken."""

    def read(self, name, since=None):
        found = []
        for number in count(1):
            rows = self.page(name, number, since)
            if len(rows) < self.per_page:
                break
            found += rows
        return found


class DoesNotOverlap(Sound):
    """What changes while it reads is never asked for: it notes when it had finished."""

    def next_since(self, began):
        return self.world.now


class SendsAgain(Sound):
    """A write without an answer is sent once more, as a read is."""

    def may_repeat(self, method):
        return True


class State(StrEnum):
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    PAYABLE = "payable"
    PAID = "paid"
    VOIDED = "voided"
    INELIGIBLE = "ineligible"


class KnowsAllStates(Sound):
    """A state of a declaration that it has never heard of is an error: it forgot those of a clawback."""

    def take(self, name, rows):
        super().take(name, rows)
        if name == "declarations":
            for it in rows:
                State(it["attributes"]["state"])


class KeepsRetiredIds(Sound):
    """Somebody whose id was retired stays beside the one who took their place."""

    def follow_retired_ids(self, participants):
        pass


class SendsAPlus(Sound):
    """The plus of an offset goes into the query as it is, where it means a blank."""

    def written(self, moment):
        return moment.isoformat(timespec="seconds")


class TrustsTheFirstPage(Sound):
    """As long as the first page has not changed, by its ETag, it takes the whole list for unchanged."""

    def __init__(self, world):
        super().__init__(world)
        self.etags = {}
        self.kept = {}

    def read(self, name, since=None):
        if since is not None:
            return super().read(name, since)
        target = f"{self.lists[name]}?page[page]=1&page[per_page]={self.per_page}"
        etag = self.etags.get(name)
        answer = self.ask("GET", target, headers={"If-None-Match": etag} if etag else None)
        if answer.status != 304:
            self.etags[name] = answer.headers["ETag"]
            self.kept[name] = super().read(name)
        return self.kept[name]


class SendsLocalTime(Sound):
    """It asks with the time that a clock in London shows, as if it was UTC."""

    def written(self, moment):
        return f"{moment.astimezone(ZoneInfo('Europe/London')):%Y-%m-%dT%H:%M:%SZ}"


class ForgetsVoids(Sound):
    """It has one declaration for each participant and type, the first that it saw, whatever became of that."""

    def take(self, name, rows):
        if name != "declarations":
            super().take(name, rows)
            return
        known = {_slot(it): id for id, it in self.rows[name].items()}
        new = [it for it in rows if known.setdefault(_slot(it["attributes"]), it["id"]) == it["id"]]
        self.rows[name] = {it["id"]: it["attributes"] for it in new} | self.rows[name]


def _slot(declaration):
    return declaration["participant_id"], declaration["declaration_type"]


class AsksForAnother(Sound):
    """It has the token of another provider."""

    def send(self, method, target, document, headers):
        other = next(it for it in self.world.tokens if it != self.world.provider)
        return self.world.client.request(method, target, document, headers=headers, provider=other)


class DoesNotWait(Sound):
    """After a 429 it asks again at once."""

    def ask(self, method, target, document=None, headers=None):
        answer = self.send(method, target, document, headers)
        return super().ask(method, target, document, headers) if answer.status == 429 else self.judged(answer)

    def judged(self, answer):
        if answer.status >= 400:
            raise Refused(answer)
        return answer


PLANTED = (
    LosesTheLastPage,
    DoesNotOverlap,
    SendsAgain,
    KnowsAllStates,
    KeepsRetiredIds,
    SendsAPlus,
    TrustsTheFirstPage,
    SendsLocalTime,
    ForgetsVoids,
    AsksForAnother,
    DoesNotWait,
)


class OfRect:
    """What a client of Register early career teachers does otherwise: other paths, and moments with a Z."""

    service = "rect"
    lists = {name: path.removesuffix("/ecf") for name, path in LISTS.items()}
    partnership_types = ("partnership", "partnership-update")


class SoundOfRect(OfRect, Sound):
    """The same for the service that takes no offset in `updated_since`."""

    def written(self, moment):
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


class SendsAnOffset(OfRect, Sound):
    """It writes moments with an offset, as it did for the service before, which is decoded twice and then lost."""


def _of_rect(client):
    """A client with a mistake, of the other service."""
    return type(f"{client.__name__}OfRect", (client, SoundOfRect), {"__doc__": client.__doc__})


# A mistake with the clock of the network is one of either service; those here are found by what is shown.
PLANTED_OF_RECT = (
    SendsAnOffset,
    *map(
        _of_rect,
        (
            LosesTheLastPage,
            DoesNotOverlap,
            SendsAgain,
            KnowsAllStates,
            KeepsRetiredIds,
            TrustsTheFirstPage,
            SendsLocalTime,
            ForgetsVoids,
            AsksForAnother,
            DoesNotWait,
        ),
    ),
)
