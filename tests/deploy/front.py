"""The real nginx with the very files of deploy/nginx: only places, ports, names and the certificate are of this machine."""

import getpass
import os
import re
import resource
import shutil
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.processes import HOST, free_port
from tests.services import Server
from tests.site import CHECKOUT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SOURCE = CHECKOUT / "deploy" / "nginx"
NAME, FILES_NAME = "localhost", "tep.example.vn"  # who reads the pages here must find the first by name
SERVER = re.compile(r" +server 127\.0\.0\.1:\d+ max_fails=0;\n")


class Front(Server):
    """nginx before some processes. `folder` holds what lies in /etc, /var and /run on a machine that is deployed."""

    def __init__(self, folder: Path, upstreams: Sequence[int]) -> None:
        assert NGINX is not None
        self.port, self.plain_port = free_port(), free_port()
        self.snapshot = folder / "snapshot"
        self._write(folder, upstreams)
        command = [NGINX, "-p", str(folder), "-c", str(folder / "etc" / "nginx.conf"), "-g", "daemon off;"]
        super().__init__(f"https://{NAME}:{self.port}", folder, command)

    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"nginx ended with {self.process.returncode}\n{self.log}")
        return (self.folder / "nginx.pid").exists()

    @property
    def logs(self) -> str:
        """Everything that is written down about requests."""
        return "".join(path.read_text() for path in sorted((self.folder / "log").glob("*.log")))

    def forget(self) -> None:
        """The cache as it is on a new machine."""
        for kept in self.folder.glob("cache/*/*"):
            shutil.rmtree(kept)

    def _write(self, folder: Path, upstreams: Sequence[int]) -> None:
        for name in ("log", "body", "cache"):
            (folder / name).mkdir()
        shutil.copytree(SOURCE, folder / "etc")
        _certify(folder)
        for path in (folder / "etc").glob("*.conf"):
            path.write_text(self._here(path.read_text(), folder, upstreams))

    def _here(self, text: str, folder: Path, upstreams: Sequence[int]) -> str:
        """The whole substitution."""
        ports = iter(upstreams)
        text = re.sub(r" +listen \[::\].*\n", "", text)
        text = SERVER.sub(
            lambda _: f"    server {HOST}:{port} max_fails=0;\n" if (port := next(ports, None)) else "", text
        )
        for there, here in {
            "user www-data": f"user {getpass.getuser()}",
            "worker_processes auto": "worker_processes 2",
            "worker_rlimit_nofile 40000": f"worker_rlimit_nofile {resource.getrlimit(resource.RLIMIT_NOFILE)[1]}",
            "listen 443": f"listen {HOST}:{self.port}",
            "listen 80": f"listen {HOST}:{self.plain_port}",
            "hoidap.example.vn": NAME,
            "/etc/nginx/engage": str(folder / "etc"),
            "/etc/engage/tls": str(folder / "tls"),
            "/var/lib/engage/snapshot": str(self.snapshot),
            "/var/log/nginx": str(folder / "log"),
            "/var/cache/nginx": str(folder / "cache"),
            "/var/lib/nginx": str(folder / "body"),
            "/run/nginx.pid": str(folder / "nginx.pid"),
        }.items():
            text = text.replace(there, here)
        return text


@contextmanager
def front(folder: Path, upstreams: Sequence[int]) -> Iterator[Front]:
    folder.mkdir(parents=True)
    server = Front(folder, upstreams)
    try:
        server.ready()
        yield server
    finally:
        server.stop()


def trusting() -> ssl.SSLContext:
    """The certificate is made here and now: nobody has signed it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _certify(folder: Path) -> None:
    (folder / "tls").mkdir()
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    words += ["-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},DNS:{FILES_NAME}"]
    words += ["-keyout", str(folder / "tls" / "privkey.pem"), "-out", str(folder / "tls" / "fullchain.pem")]
    subprocess.run(words, check=True, capture_output=True, env=os.environ)
