"""The service as it is deployed: nginx, two server processes, a worker, PostgreSQL and Redis of its own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests import services
from tests.deploy.front import FILES_NAME, NAME, Front, front
from tests.processes import HOST, free_port
from tests.site import Site

SERVERS = ("serve-1", "serve-2")


class Behind(Site):
    """Readers and askers meet nginx; each process can be stopped and started by itself."""

    database_server: services.Postgres

    def __init__(self, folder: Path, database_url: str, redis_url: str, front: Front, ports: list[int]) -> None:
        super().__init__("postgres", folder, database_url, redis_url)
        self.front = front
        self.port, self.url = front.port, front.url
        self.ports = dict(zip(SERVERS, ports, strict=True))
        self._commands = {name: ["serve"] for name in SERVERS} | {"work": ["work"]}
        self.environment |= {
            "ENGAGE_PUBLIC_URL": front.url,
            "ENGAGE_ALLOWED_HOSTS": f"{NAME},{HOST}",
            "ENGAGE_ATTACHMENTS_ORIGIN": f"https://{FILES_NAME}:{front.port}",
        }

    def start_process(self, name: str) -> None:
        self.environment["ENGAGE_PORT"] = str(self.ports.get(name, 0) or self.port)
        super().start_process(name)

    def restart(self, name: str) -> None:
        """As `systemctl restart engage@…` does, and the README waits."""
        self.processes[name].terminate()
        self.processes[name].wait(30)
        self.start_process(name)
        self.ready()

    def rendered(self, route: str) -> int:
        """How often the application itself answered there so far."""
        return sum(f'"route": "{route}"' in line for name in SERVERS for line in self.log(name, lines=0).splitlines())

    def _is_ready(self) -> bool:
        ended = [name for name, process in self.processes.items() if process.poll() is not None]
        assert not ended, f"{ended} ended while starting\n{self.log()}"
        return all(_answers(port) for port in self.ports.values())


def _answers(port: int) -> bool:
    try:
        return bool(httpx2.get(f"http://{HOST}:{port}/readyz", timeout=5, trust_env=False).status_code == 200)
    except httpx2.TransportError:
        return False


@contextmanager
def deployed(folder: Path, **options: Any) -> Iterator[Behind]:
    ports = [free_port(), free_port()]
    with ExitStack() as stack:
        database, redis = stack.enter_context(services.postgres()), stack.enter_context(services.redis())
        nginx = stack.enter_context(front(folder / "nginx", ports))
        site = Behind(folder, services.fresh_database(database), redis.url, nginx, ports)
        site.database_server = database
        site.prepare(demonstration=False)  # who asks and reads here needs no accounts and no old questions
        stack.callback(site.stop)
        site.start()
        yield site
