"""A model is served only when it is whole; the last few are kept."""

from pathlib import Path

import pytest

from nlu import models, thresholds


def make(data_dir: Path, name: str) -> Path:
    models.folder(data_dir).mkdir(exist_ok=True)
    made = data_dir / "made.tar.gz"
    made.write_bytes(name.encode())
    return models.keep(data_dir, made, name)


def test_the_current_model_is_the_one_pointed_at(tmp_path: Path) -> None:
    make(tmp_path, "one")
    two = make(tmp_path, "two")

    models.point_at(tmp_path, "two")

    assert models.current(tmp_path) == two


def test_there_may_be_no_model_yet(tmp_path: Path) -> None:
    with pytest.raises(models.ModelError, match="trained yet"):
        models.current(tmp_path)


def test_a_changed_model_is_refused(tmp_path: Path) -> None:
    model = make(tmp_path, "one")
    models.point_at(tmp_path, "one")
    model.write_bytes(b"another")

    with pytest.raises(models.ModelError, match="changed"):
        models.current(tmp_path)


def test_a_model_changed_with_its_pin_is_refused(tmp_path: Path) -> None:
    model = make(tmp_path, "one")
    models.point_at(tmp_path, "one")
    model.write_bytes(b"another")
    Path(f"{model}.sha256").write_text(models.digest(model), "utf-8")

    with pytest.raises(models.ModelError, match="points at"):
        models.current(tmp_path)


def test_a_broken_pointer_is_refused(tmp_path: Path) -> None:
    make(tmp_path, "one")
    (models.folder(tmp_path) / "current.json").write_text("[]", "utf-8")

    with pytest.raises(models.ModelError, match="cannot be read"):
        models.current(tmp_path)


def test_the_last_three_are_kept(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        make(tmp_path, name)
        models.point_at(tmp_path, name)

    assert len(list(models.folder(tmp_path).glob("*.tar.gz"))) == models.KEPT
    assert not models.path(tmp_path, "a").exists()


def test_rolling_back_is_pointing_at_an_older_one(tmp_path: Path) -> None:
    old = make(tmp_path, "old")
    make(tmp_path, "new")
    models.point_at(tmp_path, "new")

    models.point_at(tmp_path, "old")

    assert models.current(tmp_path) == old


def test_our_thresholds_make_sense() -> None:
    assert 0 < thresholds.load()["ask"] < thresholds.load()["answer"] < 1


def test_thresholds_the_wrong_way_round_are_refused(tmp_path: Path) -> None:
    (tmp_path / "t.yml").write_text("answer: 0.2\nask: 0.5\n", "utf-8")

    with pytest.raises(thresholds.ThresholdsError):
        thresholds.load(tmp_path / "t.yml")
