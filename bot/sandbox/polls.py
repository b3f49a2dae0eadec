"""Polls and the votes in them."""

from dataclasses import dataclass, field

from bot.sandbox.errors import Json, PersonCannot


@dataclass(eq=False, slots=True)
class Poll:
    """A poll in one message; `votes` maps a person's id to the numbers of the options chosen."""

    id: str
    chat_id: int
    message_id: int
    question: Json
    options: list[Json]
    anonymous: bool = True
    kind: str = "regular"
    several: bool = False
    revoting: bool = True
    correct: list[int] = field(default_factory=list)
    explanation: Json = field(default_factory=dict)
    closed: bool = False
    votes: dict[int, list[int]] = field(default_factory=dict)

    def vote(self, person_id: int, chosen: list[int]) -> None:
        """Records a vote; an empty list takes it back. PersonCannot where a Telegram app would not let them."""
        if self.closed:
            raise PersonCannot("the poll is closed")
        if person_id in self.votes and not self.revoting:
            raise PersonCannot("this poll takes no second vote")
        if any(not 0 <= option < len(self.options) for option in chosen) or (len(chosen) > 1 and not self.several):
            raise PersonCannot("these options cannot be chosen")
        if chosen:
            self.votes[person_id] = sorted(set(chosen))
        else:
            self.votes.pop(person_id, None)

    def as_json(self) -> Json:
        counts = [sum(number in chosen for chosen in self.votes.values()) for number in range(len(self.options))]
        poll: Json = {
            "id": self.id,
            **self.question,
            "options": [
                {"persistent_id": str(number), **option, "voter_count": count}
                for number, (option, count) in enumerate(zip(self.options, counts, strict=True))
            ],
            "total_voter_count": len(self.votes),
            "is_closed": self.closed,
            "is_anonymous": self.anonymous,
            "type": self.kind,
            "allows_multiple_answers": self.several,
            "allows_revoting": self.revoting,
            "members_only": False,
        }
        if self.kind == "quiz":
            poll["correct_option_ids"] = self.correct
        return {**poll, **self.explanation}
