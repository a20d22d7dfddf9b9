"""What a person can send that is no text: the content of each kind of message, as Telegram writes it.

reliability.md E6 asks that every one of them may come where a rating was asked.
"""

from collections.abc import Callable
from typing import Any

from tests.fake_telegram.parameters import Json

FileOf = Callable[[str, int], Json]  # (kind, bytes) -> the part of JSON that names a stored file

KINDS = (
    "photo",
    "photo_with_caption",
    "album_photo",
    "document",
    "audio",
    "voice",
    "video",
    "video_note",
    "animation",
    "sticker",
    "animated_sticker",
    "location",
    "live_location",
    "venue",
    "contact",
    "poll",
    "quiz",
    "dice",
    "game",
    "forward",
    "forwarded_channel_post",
    "story",
    "paid_media",
    "invoice",
    "giveaway",
    "checklist",
    "pinned_message",
    "web_app_data",
)


def content(kind: str, sender: Json, now: int, file: FileOf) -> Json:
    """The fields of a message of this kind. Raises KeyError for a kind there is not."""
    return _MAKERS[kind](sender, now, file)


def _photo(sender: Json, now: int, file: FileOf) -> Json:
    sizes = ((90, 67), (320, 240), (1280, 960))
    return {"photo": [{**file("photo", 40 * width), "width": width, "height": height} for width, height in sizes]}


def _captioned(sender: Json, now: int, file: FileOf) -> Json:
    return {**_photo(sender, now, file), "caption": "the heating, look"}


def _album(sender: Json, now: int, file: FileOf) -> Json:
    return {**_photo(sender, now, file), "media_group_id": "13579"}


def _filed(kind: str, **more: Any) -> Callable[[Json, int, FileOf], Json]:
    return lambda sender, now, file: {kind: {**file(kind, 2048), **more}}


def _animation(sender: Json, now: int, file: FileOf) -> Json:
    clip = {**file("animation", 2048), "width": 320, "height": 240, "duration": 3}
    return {"animation": clip, "document": file("animation", 2048)}  # Telegram sends both


def _sticker(animated: bool) -> Callable[[Json, int, FileOf], Json]:
    shape = {"width": 512, "height": 512, "is_animated": animated, "is_video": False, "type": "regular", "emoji": "😡"}
    return _filed("sticker", **shape)


def _fixed(**fields: Any) -> Callable[[Json, int, FileOf], Json]:
    return lambda sender, now, file: dict(fields)


def _poll(kind: str) -> Callable[[Json, int, FileOf], Json]:
    options = [{"text": text, "voter_count": 0, "persistent_id": text.lower()} for text in ("Yes", "No")]
    return _fixed(
        poll={
            "id": "5434",
            "question": "Was it good?",
            "options": options,
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": kind,
            "allows_multiple_answers": False,
            "allows_revoting": True,
            "members_only": False,
        }
    )


def _forward(sender: Json, now: int, file: FileOf) -> Json:
    origin = {"type": "user", "date": now - 3600, "sender_user": sender}
    return {"text": "5", "forward_origin": origin}


def _forwarded_post(sender: Json, now: int, file: FileOf) -> Json:
    channel = {"id": -1009000000001, "type": "channel", "title": "News"}
    origin = {"type": "channel", "date": now - 3600, "chat": channel, "message_id": 17}
    return {**_photo(sender, now, file), "forward_origin": origin}


def _giveaway(sender: Json, now: int, file: FileOf) -> Json:
    channel = {"id": -1009000000001, "type": "channel", "title": "News"}
    return {"giveaway": {"chats": [channel], "winners_selection_date": now + 3600, "winner_count": 1}}


def _story(sender: Json, now: int, file: FileOf) -> Json:
    return {"story": {"chat": {"id": sender["id"], "type": "private", "first_name": sender["first_name"]}, "id": 3}}


def _contact(sender: Json, now: int, file: FileOf) -> Json:
    return {"contact": {"phone_number": "+15550100", "first_name": sender["first_name"], "user_id": sender["id"]}}


def _pinned(sender: Json, now: int, file: FileOf) -> Json:
    chat = {"id": sender["id"], "type": "private", "first_name": sender["first_name"]}
    return {"pinned_message": {"message_id": 1, "date": 0, "chat": chat}}


_PLACE = {"latitude": 31.2304, "longitude": 121.4737}

_MAKERS: dict[str, Callable[[Json, int, FileOf], Json]] = {
    "photo": _photo,
    "photo_with_caption": _captioned,
    "album_photo": _album,
    "document": _filed("document", file_name="bill.pdf", mime_type="application/pdf"),
    "audio": _filed("audio", duration=61, title="A song"),
    "voice": _filed("voice", duration=4, mime_type="audio/ogg"),
    "video": _filed("video", width=640, height=480, duration=7),
    "video_note": _filed("video_note", length=240, duration=5),
    "animation": _animation,
    "sticker": _sticker(animated=False),
    "animated_sticker": _sticker(animated=True),
    "location": _fixed(location=_PLACE),
    "live_location": _fixed(location={**_PLACE, "live_period": 900, "horizontal_accuracy": 12.5}),
    "venue": _fixed(venue={"location": _PLACE, "title": "The shop", "address": "1 High Street"}, location=_PLACE),
    "contact": _contact,
    "poll": _poll("regular"),
    "quiz": _poll("quiz"),
    "dice": _fixed(dice={"emoji": "🎲", "value": 5}),
    "game": _fixed(game={"title": "Chess", "description": "A game", "photo": []}),
    "forward": _forward,
    "forwarded_channel_post": _forwarded_post,
    "story": _story,
    "paid_media": _fixed(paid_media={"star_count": 5, "paid_media": [{"type": "preview", "width": 10, "height": 10}]}),
    "invoice": _fixed(
        invoice={
            "title": "Tea",
            "description": "A cup",
            "start_parameter": "tea",
            "currency": "EUR",
            "total_amount": 350,
        }
    ),
    "giveaway": _giveaway,
    "checklist": _fixed(checklist={"title": "To do", "tasks": [{"id": 1, "text": "Mend it"}]}),
    "pinned_message": _pinned,
    "web_app_data": _fixed(web_app_data={"data": "5", "button_text": "Rate"}),
}
assert set(_MAKERS) == set(KINDS)
