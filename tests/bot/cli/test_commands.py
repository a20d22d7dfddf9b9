"""The command line as a whole: help, mistakes told in a sentence, exit codes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import root
from tests.waiting import LIMIT, blocked_until


def commands(
    group: click.Group = root, before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command, with the words that lead to it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield (*before, name), command
            yield from commands(command, (*before, name))
        else:
            yield (*before, name), command


ALL = dict(commands())


def test_the_commands_are_these():
    """A command that appears or disappears is a change for operators, and for their scripts."""
    assert {" ".join(words) for words in ALL} == {
        "init", "run", "demo", "check", "migrate", "backup", "restore", "verify", "report", "report recovery",
        "survey check", "survey export", "survey import", "survey list", "survey rehearse",
        "survey versions", "survey diff", "survey drafts", "survey publish", "survey rollback", "survey retire",
        "survey keep", "report experiment",
        "responses export", "events import", "link", "feedback add",
        "ledger", "voucher import", "voucher list", "voucher redeem", "voucher show",
        "key create", "key list", "key rotate", "key revoke",
        "webhooks list", "webhooks test", "webhooks retry", "webhooks secret",
        "staff invite", "staff list", "staff set", "staff sign-in", "staff remove",
        "team add", "team list", "team remove", "team set", "case why",
        "calendar list", "calendar remove", "calendar set", "calendar show",
    }  # fmt: skip


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_helps_with_an_example(makegood, words):
    """The example is what people copy; it must be of this very command."""
    told = makegood(*words, "--help")

    assert told.code == 0
    assert f"  makegood {' '.join(words)}" in told.out.partition("Example:")[2]


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_common_options_may_stand_after_every_command(words):
    """Nobody remembers which options belong before a command's name."""
    options = {option for parameter in ALL[words].params for option in parameter.opts}

    assert {"--config", "--data", "--set", "--debug"} <= options


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("chekc",), "No such command 'chekc'"),
        (("run", "--prot", "1"), "No such option '--prot'"),
        (("survey", "check"), "Missing argument"),
        (("survey", "check", "no.toml"), "there is no file no.toml"),
        (("survey", "check", "."), "is a folder"),
        (("survey", "rehearse", "no_such_survey"), "there is no file no_such_survey"),
        (("survey", "rehearse", "pulse", "--language", "de"), "the survey is not in 'de'"),
        (("survey", "rehearse", "pulse", "--fact", "x=1"), "write customer.KEY=VALUE"),
        (("responses", "export"), "there is no database at data/makegood.db"),
        (("responses", "export", "--since", "yesterday"), "there is no database"),
        (("migrate",), "there is no database"),
        (("staff", "list"), "There is no database"),
        (("staff", "invite", "a,b"), "name is required"),
        (("link", "c-1", "--zone", "Mars"), "zone must be a time zone"),
        (("events", "import", "no.csv"), "there is no file no.csv"),
        (("check", "--config", "no.toml"), "there is no such file"),
        (("run", "--set", "web.port=http"), "write a whole number from 0 to 65535"),
        (("run", "--config", "no.toml"), "no.toml: there is no such file"),
        (("demo", "--language", "de"), "'de' is none of the demo's languages"),
        (("run", "--data", "/dev/null/x"), "Not a directory"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(makegood, line, said):
    """Exit code 2 for scripts, a sentence for people, a traceback for nobody."""
    told = makegood(*line)

    assert said in told.err + told.out
    assert "Traceback" not in told.err
    assert told.code == (1 if line[0] == "check" else 2)


def test_a_traceback_is_there_for_who_asks(place):
    """The next person to look needs it."""
    from bot.cli import main
    from bot.config import SettingsInvalid

    with pytest.raises(SettingsInvalid):
        main(["run", "--debug", "--set", "web.port=http"])


def test_options_count_before_and_after_the_command(makegood):
    """And the settings of both are laid together."""
    told = makegood("--set", "web.prot=1", "survey", "list", "--set", "wep.port=1")

    assert "web.prot" in told.err
    assert "wep.port" in told.err


def test_no_command_shows_the_help(makegood):
    """Whoever types the name alone wants to know what there is."""
    told = makegood()

    assert told.code == 2
    assert "makegood demo" in told.out + told.err


# --- as a process ---------------------------------------------------------------------------------------------------


def test_python_m_bot_is_makegood(root, place):
    """Where nothing is installed, the folder is enough."""
    done = ran(root, "survey", "list")

    assert done.returncode == 0
    assert "after_delivery" in done.stdout


def test_a_reader_that_leaves_is_no_fault(root, place):
    """`makegood survey list | head -1` ends quietly."""
    command = f"{sys.executable} -m bot survey list | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], env=environment(root), capture_output=True, text=True, check=False
    )

    assert "Traceback" not in done.stderr


def test_what_runs_answers_commands_and_ends_when_told(root, place):
    """A whole installation: made by its first run, asked over its socket, stopped by SIGTERM, its log discreet."""
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--set", "web.port=0", "--set", "log.level=debug"],
        env=environment(root), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        blocked_until(lambda: (place / "data" / "makegood.sock").exists() or running.poll() is not None)
        link = ran(root, "link", "canary-customer", "--name", "Canary Name")
        invited = ran(root, "staff", "invite", "Canary Ben")
        signing_in = ran(root, "staff", "sign-in", "Canary Ben")
        stranger = ran(root, "staff", "sign-in", "Nobody At All")
        second = ran(root, "run")
        exported = ran(root, "responses", "export", "--format", "jsonl")
        listed = ran(root, "staff", "list")
    finally:
        running.send_signal(signal.SIGTERM)
        out, log = running.communicate(timeout=LIMIT)

    assert (link.returncode, invited.returncode, exported.returncode) == (0, 0, 0), link.stderr + exported.stderr
    assert "Web chat  http://127.0.0.1:0/c/" in link.stdout
    assert "Canary Ben" in listed.stdout
    assert (second.returncode, "is in use by makegood run" in second.stderr) == (2, True)
    assert running.returncode == 0, log
    assert (stranger.returncode, "works here" in stranger.stderr) == (2, True)
    token = link.stdout.split("/c/")[1].strip()
    way_in = signing_in.stdout.split("/console/sign-in/")[1].strip()
    secrets = (place / "data" / "secrets.toml").read_text("utf-8")
    made = [line.split('"')[1] for line in secrets.splitlines() if '= "' in line]
    canaries = ["canary", "Canary", token, way_in, *made]
    assert [canary for canary in canaries if canary in out + log] == []


def environment(root: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(root)}


def ran(root: Path, *line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *line], env=environment(root), capture_output=True, text=True, check=False
    )
