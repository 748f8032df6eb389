"""The server and the worker beside it, for as long as somebody leaves them open."""

import signal
import socket
import subprocess
import sys
import time

SERVER = "granian --interface wsgi --host 127.0.0.1 --workers 2 --blocking-threads 1 --no-ws"
SERVER += " --log-level warning minga.project.wsgi:application --port"
WORKER = "minga.project.commands work --loop"


def is_free(number: int) -> bool:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


def serve(number: int, *, demo: bool) -> int:
    """One does not go on without the other; ends when told to, or when one has ended."""

    def leave(*_: object) -> None:
        raise KeyboardInterrupt

    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, leave)
    orders = {"El servidor": f"{SERVER} {number}", "El reparto de avisos": WORKER}
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, order in orders.items():
            children[name] = subprocess.Popen([sys.executable, "-m", *order.split()])
        ended = wait_for_one(children, number, demo=demo)
        print(f"{ended} se detuvo; Minga se cierra.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nMinga se cierra.")
        return 0
    finally:
        stop(list(children.values()))


def wait_for_one(children: dict[str, "subprocess.Popen[bytes]"], number: int, *, demo: bool) -> str:
    """Tell that the door is open, once it is; then the name of whoever ended first."""
    told = False
    while not (ended := [name for name in children if children[name].poll() is not None]):
        if not told and not is_free(number):
            told = True
            tell(number, demo=demo)
        time.sleep(0.2)
    return ended[0]


def tell(number: int, *, demo: bool) -> None:
    from . import demo as town

    print(f"\nMinga está abierta: http://localhost:{number} (Ctrl-C la cierra)", flush=True)
    for email, password, who in town.accounts() if demo else ():
        print(f"  {who}: {email}, clave {password}", flush=True)


def stop(children: list["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
