"""The schema: the same on both databases, and the same as the values that its rows become."""

import re
import sqlite3
from pathlib import Path

import psycopg
import pytest

from storage import (
    addresses,
    anonymous,
    answers,
    api_keys,
    assignments,
    calendars,
    case_messages,
    case_steps,
    cases,
    chats,
    clocks,
    conversations,
    customers,
    drafts,
    due,
    events,
    feedback,
    history,
    inbox,
    ledger,
    links,
    media,
    notifications,
    offers,
    outbox,
    phone_calls,
    places,
    rollups,
    schema,
    sign_ins,
    spending,
    staff,
    survey_desks,
    surveys,
    tasks,
    teams,
    vouchers,
    web_entries,
)
from storage.database import Database
from storage.errors import NeedsMigration, Unavailable, WrongVersion
from storage.schema import VERSIONS

ROWS = {
    "customer": customers.Customer,
    "team": teams.Team,
    "calendar": calendars.StoredCalendar,
    "staff_member": staff.StaffMember,
    "address": addresses.Address,
    "chat_customer": chats.ChatCustomer,
    "place": places.PlaceRow,
    "link": links.Link,
    "session": links.Session,
    "sign_in": sign_ins.SignIn,
    "survey_version": surveys.SurveyVersion,
    "service_event": events.ServiceEvent,
    "invitation": events.Invitation,
    "conversation": conversations.Conversation,
    "anonymous_response": anonymous.AnonymousResponse,
    "answer": answers.Answer,
    "recovery_case": cases.Case,
    "case_clock": clocks.CaseClock,
    "assignment": assignments.Assignment,
    "case_message": case_messages.CaseMessage,
    "case_step": case_steps.CaseStep,
    "task": tasks.Task,
    "phone_call": phone_calls.PhoneCall,
    "inbox": inbox.InboxRow,
    "outbox": outbox.OutboxRow,
    "attempt": outbox.Attempt,
    "due": due.DueRow,
    "history": history.HistoryLine,
    "web_entry": web_entries.WebEntry,
    "api_key": api_keys.StoredKey,
    "feedback": feedback.Comment,
    "rollup": rollups.RollupRow,
    "notification": notifications.Notification,
    "media": media.MediaFile,
    "draft": drafts.DraftRow,
    "survey_desk": survey_desks.SurveyDesk,
    "offer": offers.OfferRow,
    "ledger_entry": ledger.LedgerLine,
    "spending": spending.SpendingRow,
    "voucher": vouchers.Voucher,
}


@pytest.fixture
def laid():
    """A SQLite database in memory with the schema laid."""
    connection = sqlite3.connect(":memory:")
    for statement in schema.sqlite_statements():
        connection.execute(statement)
    yield connection
    connection.close()


def columns(connection):
    """Table → (name, type, whether it may be NULL, its default) of each column, in order."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {
        table: [
            (name, kind.replace("INTEGER", "BIGINT"), not required and not key, default)
            for _, name, kind, required, default, key in connection.execute(f"PRAGMA table_info({table})")
        ]
        for (table,) in tables.fetchall()
    }


@pytest.mark.parametrize("table", ROWS)
def test_a_row_has_its_tables_columns_in_order(laid, table):
    """Rows are made by position: a column moved would put a name where a language belongs."""
    assert [field.rstrip("_") for field in ROWS[table].__struct_fields__] == [name for name, *_ in columns(laid)[table]]


def test_every_table_has_a_row(laid):
    """Only these are read column by column."""
    assert set(columns(laid)) - set(ROWS) == {
        "brand",
        "fact",
    }


@pytest.mark.postgres
def test_both_databases_have_the_same_columns(laid, postgres_url):
    """A query written for one is right on the other."""
    with psycopg.connect(postgres_url) as connection:
        rows = connection.execute(
            """
            SELECT table_name, column_name, upper(data_type), is_nullable = 'YES', column_default, collation_name
            FROM information_schema.columns WHERE table_schema = current_schema() AND table_name <> 'alembic_version'
            ORDER BY table_name, ordinal_position
            """
        ).fetchall()
    found: dict[str, list[tuple[object, ...]]] = {}
    for table, name, kind, optional, default, _ in rows:
        literal = re.sub(r"::\w+$", "", default) if default else None
        found.setdefault(table, []).append((name, kind, optional, literal))

    assert found == columns(laid)
    assert {collation for *_, kind, _, _, collation in rows if kind == "TEXT"} == {"C"}


@pytest.mark.postgres
def test_both_databases_have_the_same_indexes(laid, postgres_url):
    """Uniqueness is what keeps a thing from happening twice."""
    with psycopg.connect(postgres_url) as connection:
        rows = connection.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()").fetchall()
    unique = "SELECT COUNT(*) FROM pg_indexes WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE UNIQUE%'"
    with psycopg.connect(postgres_url) as connection:
        [[uniques]] = connection.execute(unique).fetchall()
    named = [row[0] for row in laid.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")]
    source = Path(schema.__file__).with_name("schema.sql").read_text(encoding="utf-8")
    written = len(re.findall(r"\bUNIQUE\b|PRIMARY KEY", source)) + 1  # and the version table's key

    assert set(named) <= {row[0] for row in rows}
    assert uniques == written


async def test_a_file_of_an_unknown_version_is_refused(tmp_path):
    """A newer makegood wrote it: touching it could lose what we do not know of."""
    await (await Database.open(tmp_path / "makegood.db", versions=(*VERSIONS, "9999"))).close()
    before = (tmp_path / "makegood.db").read_bytes()
    with pytest.raises(WrongVersion):
        await Database.open(tmp_path / "makegood.db")

    assert (tmp_path / "makegood.db").read_bytes() == before


async def test_a_file_of_an_earlier_version_asks_to_be_migrated(tmp_path):
    """One query says so; nothing of the migration machinery is loaded to find out."""
    await (await Database.open(tmp_path / "makegood.db")).close()
    with pytest.raises(NeedsMigration):
        await Database.open(tmp_path / "makegood.db", versions=(*VERSIONS, "9999"))


async def test_somebody_elses_file_is_refused(tmp_path):
    """A path that names another program's database must not be laid over."""
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE theirs (id INTEGER)")
    other.close()
    with pytest.raises(WrongVersion):
        await Database.open(tmp_path / "other.db")


async def test_a_file_that_is_no_database_is_refused(tmp_path):
    """The error says what is wrong, not what SQLite calls it."""
    (tmp_path / "makegood.db").write_bytes(b"not a database at all, " * 100)
    with pytest.raises(Unavailable) as refused:
        await Database.open(tmp_path / "makegood.db")

    assert refused.value.why == "corrupt"


async def test_the_file_is_durable_by_default(tmp_path):
    """WAL with FULL is what makes an acknowledged answer survive a power loss."""
    database = await Database.open(tmp_path / "makegood.db")
    settings = await database.run(
        lambda unit: [unit.all(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")],
    )
    await database.close()

    assert settings == ["wal", 2, 1]
