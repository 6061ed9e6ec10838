"""Fetching a model, against a real server on this machine that behaves well or badly."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from voice_coach import fetch
from voice_coach.errors import Missing
from voice_coach.fetch import Patience, fetch_if_missing, fetch_model
from voice_coach.listen.models import fault_in

NAME = "vosk-model-tiny-en-us-0.1"
FST = b"\xd6\xfd\xb2\x7e" + bytes(40_000)
KALDI = b"\0B" + os.urandom(300_000)
FILES = {
    "am/final.mdl": KALDI,
    "conf/mfcc.conf": b"--use-energy=false\n",
    "conf/model.conf": b"--beam=10.0\n",
    "graph/HCLr.fst": FST,
    "graph/Gr.fst": FST,
    "graph/disambig_tid.int": b"1\n",
}
QUICK = Patience(answer=1.0, pause=1.0)


def zipped(files: dict[str, bytes], top: str = f"{NAME}/") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(top + name, content)
    return buffer.getvalue()


@dataclass
class Site:
    """A web site with one file, and what was asked of it."""

    body: bytes
    cut_after: int | None = None
    ranges: bool = True
    status: int = 200
    hold: threading.Event | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], Site]]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    servers: list[tuple[ThreadingHTTPServer, Site]] = []

    def start(body: bytes) -> Site:
        site = Site(body)

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self, site)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        site.address = f"http://127.0.0.1:{server.server_port}"
        servers.append((server, site))
        return site

    yield start
    for server, site in servers:
        if site.hold:
            site.hold.set()
        server.shutdown()
        server.server_close()


def answer(request: BaseHTTPRequestHandler, site: Site) -> None:
    wanted = request.headers.get("Range")
    site.asked.append((request.path, wanted))
    if site.hold:
        site.hold.wait(20)
        return
    start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and site.ranges else 0
    body = site.body[start:]
    request.send_response(206 if start else site.status)
    if start:
        request.send_header("Content-Range", f"bytes {start}-{len(site.body) - 1}/{len(site.body)}")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body if site.cut_after is None else body[: site.cut_after])


def manifest(folder: Path, address: str, archive: bytes, **other: object) -> Path:
    row = {
        "name": NAME,
        "language": "en",
        "source": f"{address}/{NAME}.zip",
        "bytes": len(archive),
        "sha256": hashlib.sha256(archive).hexdigest(),
        "licence": "Apache-2.0",
    } | other
    path = folder / "manifest.toml"
    lines = [f"{key} = {value if isinstance(value, int) else repr(value)}\n" for key, value in row.items()]
    path.write_text("[[model]]\n" + "".join(lines))
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def site(serve: Callable[[bytes], Site]) -> Site:
    return serve(zipped(FILES))


@pytest.fixture
def listed(tmp_path: Path, site: Site) -> Path:
    return manifest(tmp_path, site.address, site.body)


def left_over(home: Path) -> set[str]:
    return {path.name for path in (home / "models").iterdir()} - {".lock"}


def test_a_good_model_is_put_in_place_whole(home: Path, site: Site, listed: Path) -> None:
    model = fetch_model(home, listed)
    assert model == home / "models" / NAME
    assert {name: (model / name).read_bytes() for name in FILES} == FILES
    assert fault_in(model) is None
    assert left_over(home) == {NAME}
    assert home.stat().st_mode & 0o777 == 0o700
    assert site.asked == [(f"/{NAME}.zip", None)]


def test_a_model_that_is_there_is_not_fetched_again(home: Path, site: Site, listed: Path) -> None:
    first = fetch_model(home, listed)
    assert fetch_model(home, listed) == first
    assert fetch_if_missing(home, listed) is None
    assert len(site.asked) == 1


def test_a_damaged_model_is_replaced(home: Path, site: Site, listed: Path) -> None:
    model = fetch_model(home, listed)
    (model / "graph/disambig_tid.int").write_bytes(b"")
    (model / "stray").write_text("old")
    assert fetch_model(home, listed) == model
    assert fault_in(model) is None
    assert not (model / "stray").exists()
    assert left_over(home) == {NAME}
    assert len(site.asked) == 2


def test_a_cut_download_is_gone_on_with(home: Path, site: Site, listed: Path) -> None:
    site.cut_after = 200_000
    with pytest.raises(Missing, match="fetch the rest"):
        fetch_model(home, listed)
    assert left_over(home) == {f"{NAME}.zip.part", ".last-try"}
    site.cut_after = None
    assert fault_in(fetch_model(home, listed)) is None
    assert site.asked[-1] == (f"/{NAME}.zip", f"bytes={3 * 65536}-")
    assert left_over(home) == {NAME}


def test_a_server_that_ignores_range_starts_over(home: Path, site: Site, listed: Path) -> None:
    site.cut_after, site.ranges = 200_000, False
    with pytest.raises(Missing):
        fetch_model(home, listed)
    site.cut_after = None
    assert fault_in(fetch_model(home, listed)) is None
    assert site.asked[-1] == (f"/{NAME}.zip", f"bytes={3 * 65536}-")


def test_a_beginning_of_another_file_is_thrown_away(home: Path, site: Site, listed: Path) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / f"{NAME}.zip.part").write_bytes(b"x" * 5_000)
    assert fault_in(fetch_model(home, listed)) is None
    assert [wanted for _, wanted in site.asked] == ["bytes=5000-", None]


def test_a_part_that_is_too_long_is_thrown_away(home: Path, site: Site, listed: Path) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / f"{NAME}.zip.part").write_bytes(site.body + b"x")
    assert fault_in(fetch_model(home, listed)) is None


def test_a_part_that_is_whole_needs_no_connection(home: Path, site: Site, listed: Path) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / f"{NAME}.zip.part").write_bytes(site.body)
    assert fault_in(fetch_model(home, listed)) is None
    assert site.asked == []


def test_another_content_of_the_same_size_is_never_used(home: Path, site: Site, listed: Path) -> None:
    site.body = site.body[:-1] + bytes([site.body[-1] ^ 1])
    with pytest.raises(Missing, match="not the model that was expected"):
        fetch_model(home, listed)
    assert left_over(home) == {".last-try"}


@pytest.mark.parametrize("change", [-1, 1, 100_000])
def test_another_size_is_refused(home: Path, site: Site, listed: Path, change: int) -> None:
    site.body = (site.body + bytes(100_000))[: len(site.body) + change]
    with pytest.raises(Missing, match="another file"):
        fetch_model(home, listed)
    assert NAME not in left_over(home)


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_refusal_is_said_with_its_status(home: Path, site: Site, listed: Path, status: int) -> None:
    site.status = status
    with pytest.raises(Missing, match=str(status)):
        fetch_model(home, listed)


def test_a_server_that_hangs_is_given_up(home: Path, site: Site, listed: Path) -> None:
    site.hold = threading.Event()
    with pytest.raises(Missing, match="does not answer"):
        fetch_model(home, listed, patience=Patience(answer=0.2, pause=20))


def test_a_name_lookup_that_hangs_is_given_up(
    home: Path, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    release = threading.Event()

    def hang(*_: object, **__: object) -> None:
        release.wait(20)
        raise OSError

    monkeypatch.setattr("socket.getaddrinfo", hang)
    with pytest.raises(Missing, match="does not answer"):
        fetch_model(home, listed, patience=Patience(answer=0.2))
    release.set()


def test_a_server_that_stops_sending_is_given_up(home: Path, tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        archive = zipped(FILES)
        listed = manifest(tmp_path, f"http://127.0.0.1:{listening.getsockname()[1]}", archive)

        def send_a_little() -> None:
            connection, _ = listening.accept()
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(archive) + archive[:1000])
            done.wait(20)
            connection.close()

        done = threading.Event()
        sender = threading.Thread(target=send_a_little)
        sender.start()
        with pytest.raises(Missing, match="fetch the rest"):
            fetch_model(home, listed, patience=Patience(answer=5, pause=0.3))
        done.set()
        sender.join()


def test_nobody_there_is_said_calmly(home: Path, tmp_path: Path) -> None:
    listed = manifest(tmp_path, "http://127.0.0.1:9", zipped(FILES))
    line = fetch_if_missing(home, listed, patience=QUICK)
    assert line is not None
    assert "127.0.0.1:9 does not answer" in line
    assert "PocketSphinx listens" in line


def test_a_failed_try_is_not_repeated_for_a_day_unless_asked(home: Path, site: Site, listed: Path) -> None:
    site.status = 503
    assert fetch_if_missing(home, listed) is not None
    assert fetch_if_missing(home, listed) is not None
    assert len(site.asked) == 1
    stamp = home / "models" / ".last-try"
    for age, asked in ((23 * 3600, 1), (25 * 3600, 2), (-3600, 3)):
        os.utime(stamp, (time.time() - age,) * 2)
        fetch_if_missing(home, listed)
        assert len(site.asked) == asked
    site.status = 200
    assert fault_in(fetch_model(home, listed)) is None


@pytest.mark.parametrize(
    "name", ["../outside", f"{NAME}/../../outside", "/tmp/outside", "outside", f"{NAME}\\..\\..\\outside"]
)
def test_an_archive_that_reaches_outside_is_refused(
    home: Path, tmp_path: Path, serve: Callable[[bytes], Site], name: str
) -> None:
    files = {f"{NAME}/{file}": content for file, content in FILES.items()}
    site = serve(zipped(files | {name: b"evil"}, top=""))
    with pytest.raises(Missing, match="outside its folder"):
        fetch_model(home, manifest(tmp_path, site.address, site.body))
    assert NAME not in left_over(home)
    assert not list(tmp_path.rglob("*outside"))


def test_a_link_in_the_archive_is_refused(home: Path, tmp_path: Path, serve: Callable[[bytes], Site]) -> None:
    buffer = io.BytesIO(zipped(FILES))
    with zipfile.ZipFile(buffer, "a") as archive:
        link = zipfile.ZipInfo(f"{NAME}/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc")
    site = serve(buffer.getvalue())
    with pytest.raises(Missing, match="outside its folder"):
        fetch_model(home, manifest(tmp_path, site.address, site.body))


def test_an_archive_that_unpacks_to_far_too_much_is_refused(
    home: Path, tmp_path: Path, serve: Callable[[bytes], Site]
) -> None:
    site = serve(zipped(FILES | {"bomb": bytes(20_000_000)}))
    with pytest.raises(Missing, match="far more"):
        fetch_model(home, manifest(tmp_path, site.address, site.body))
    assert NAME not in left_over(home)


@pytest.mark.parametrize("absent", FILES)
def test_an_archive_without_a_needed_file_is_not_used(
    home: Path, tmp_path: Path, serve: Callable[[bytes], Site], absent: str
) -> None:
    site = serve(zipped({name: content for name, content in FILES.items() if name != absent}))
    with pytest.raises(Missing, match="not used"):
        fetch_model(home, manifest(tmp_path, site.address, site.body))
    assert NAME not in left_over(home)


def test_something_that_is_no_archive_is_not_used(home: Path, tmp_path: Path, serve: Callable[[bytes], Site]) -> None:
    site = serve(b"<html>moved</html>")
    with pytest.raises(Missing, match="broken archive"):
        fetch_model(home, manifest(tmp_path, site.address, site.body))


def test_an_interrupted_unpacking_is_cleared_away(home: Path, listed: Path) -> None:
    stale = home / "models" / ".unpacking-x" / NAME
    stale.mkdir(parents=True)
    fetch_model(home, listed)
    assert left_over(home) == {NAME}


def test_a_full_disk_is_said_plainly_and_what_arrived_is_kept(
    home: Path, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(fetch, "unpack", full)
        with pytest.raises(Missing, match=r"disk .* is full.*Make room"):
            fetch_model(home, listed)
    assert fault_in(fetch_model(home, listed)) is None


def test_a_home_that_cannot_be_written_is_said_plainly(tmp_path: Path, listed: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Missing, match="--home"):
        fetch_model(tmp_path / "file" / "home", listed)


def test_two_fetches_do_not_write_into_one_file(home: Path, site: Site, listed: Path) -> None:
    site.hold = threading.Event()
    first = threading.Thread(target=fetch_if_missing, args=(home, listed), kwargs={"patience": Patience(answer=20)})
    first.start()
    while not site.asked:
        time.sleep(0.01)
    with pytest.raises(Missing, match="being fetched already"):
        fetch_model(home, listed)
    site.hold.set()
    first.join()


def test_a_proxy_is_honoured(home: Path, tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("http_proxy", site.address)
    listed = manifest(tmp_path, "http://models.invalid", site.body)
    assert fault_in(fetch_model(home, listed)) is None
    assert site.asked == [(f"http://models.invalid/{NAME}.zip", None)]


def test_a_broken_list_of_models_is_said_plainly(home: Path, tmp_path: Path) -> None:
    listed = tmp_path / "manifest.toml"
    for text in ("", "[[model]]\nname = 1\n", "not toml", 'model = "x"'):
        listed.write_text(text)
        with pytest.raises(Missing, match="install voice-coach again"):
            fetch_model(home, listed)
