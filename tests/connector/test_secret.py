"""A secret is where the configuration says it is, or the place is named."""

from pathlib import Path

import pytest

from connector.config import Secret, SecretMissing


def test_an_environment_variable_is_read():
    assert Secret(env="TOKEN").reveal({"TOKEN": "abc"}) == "abc"


def test_a_file_is_read_without_the_line_break_at_its_end(tmp_path: Path):
    (tmp_path / "secret").write_text("abc\n")

    assert Secret(file=str(tmp_path / "secret")).reveal({}) == "abc"


@pytest.mark.parametrize("environ", [{}, {"TOKEN": ""}])
def test_a_variable_that_is_not_set_is_named(environ: dict[str, str]):
    with pytest.raises(SecretMissing, match="environment variable TOKEN is not set"):
        Secret(env="TOKEN").reveal(environ)


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(SecretMissing, match=r"nowhere/secret cannot be read: No such file"):
        Secret(file="nowhere/secret").reveal({})
