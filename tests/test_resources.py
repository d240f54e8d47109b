"""The files that come with the sandbox are found."""

import pytest

from ecf_sandbox import resources


@pytest.mark.parametrize("name", ["scenarios", "openapi"])
class TestFolder:
    def test_is_found_in_a_checkout(self, name):
        assert resources.folder(name).is_dir()

    def test_is_found_inside_an_installed_package_first(self, name, tmp_path, monkeypatch):
        installed = tmp_path / "site-packages" / "ecf_sandbox"
        (installed / name).mkdir(parents=True)
        (tmp_path / "site-packages" / name).mkdir()
        monkeypatch.setattr(resources, "__file__", str(installed / "resources.py"))

        assert resources.folder(name) == installed / name
