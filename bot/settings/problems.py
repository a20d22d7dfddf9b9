"""What is wrong with the settings, told so that the operator can mend it."""

import msgspec


class SettingProblem(msgspec.Struct, frozen=True):
    """One wrong setting: where it stands, and what is allowed there."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class SettingsInvalid(Exception):
    """The settings cannot be used; `problems` has all that is wrong. Show them and stop with exit code 2."""

    def __init__(self, problems: tuple[SettingProblem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
