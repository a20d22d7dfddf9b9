"""Where staff are with the surveys, on both databases: kept, changed, and what the next words are for."""

from msgspec.structs import replace

from storage.survey_desks import SurveyDesk

NOON = 1_772_452_800_000


def an_address(unit):
    """Eva, and her own chat."""
    eva = unit.staff.add(1, "Eva", "editor", "en", NOON)
    return eva, unit.addresses.add(1, "telegram", "70", "staff", NOON, staff_member_id=eva.id)


def test_a_desk_is_one_for_each_chat(unit):
    """What was there before is over as soon as something else is shown."""
    _, address = an_address(unit)
    desk = SurveyDesk(address.id, 1, None, '{"key":"visit"}')
    unit.survey_desks.keep(desk)
    unit.survey_desks.keep(replace(desk, view=2, message_id=7, state="{}"))

    assert unit.survey_desks.of(address.id) == SurveyDesk(address.id, 2, 7, "{}")
    assert unit.survey_desks.of(address.id + 1) is None


def test_words_for_a_survey_are_for_no_case_any_more(unit):
    """The next text goes to one thing alone, whatever was asked for before."""
    eva, address = an_address(unit)
    customer = unit.customers.ensure(1, "ana", NOON)
    case = unit.cases.open(1, customer.id, address.id, "unhappy", "{}", "open", NOON)
    unit.staff.compose(eva.id, case.id, NOON + 1)
    unit.staff.compose_survey(eva.id, NOON + 2, "survey")
    asked = unit.staff.get(eva.id)
    unit.staff.compose_nothing(eva.id)
    ended = unit.staff.get(eva.id)

    assert (asked.composing_case_id, asked.composing_what, asked.composing_until) == (None, "survey", NOON + 2)
    assert ended.composing_until is None


def test_a_file_that_was_read_is_kept_nowhere(unit):
    """Neither its name nor where it came from; and what was erased meanwhile is not taken in."""
    media_id = unit.media.want(1, "telegram", "70", "document", "file-1", NOON, name="visit.toml", waiting="{}")
    read = unit.media.read(media_id)
    again = unit.media.read(media_id)
    row = unit.media.get(media_id)

    assert (read, again) == (True, False)
    assert (row.state, row.path, row.name, row.channel_file, row.waiting) == ("erased", None, None, None, None)
