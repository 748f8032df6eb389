"""Comprueba el registro público sin pedir nada a quien lo lleva. Solo necesita Python 3.10.

    python3 registro.py comprobante COMPROBANTE.json
        lo que enviaste está en el registro que se firmó
    python3 registro.py consistencia PUNTO-VIEJO.txt PUNTO-NUEVO.txt PRUEBA.json
        el registro solo creció desde el punto que guardaste
    python3 registro.py espejo PUNTO.txt HOJAS.json [HOJAS.json ...]
        todas las hojas, en orden, dan la raíz que se firmó

Con --llave LLAVE se comprueba también que firmó la llave que tú conoces: la publica /registro/.
Sin ella, de un comprobante se usa la que él mismo trae.
"""

import hashlib
import json
import sys
from base64 import b64decode
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE = (4 * pow(5, P - 2, P) % P).to_bytes(32, "little")


class No(Exception):
    """Why not, for people."""


def point(data: bytes) -> tuple[int, ...] | None:
    """What 32 bytes stand for, in extended coordinates; None when for no point."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if len(data) != 32 or y >= P or (x * x - square) % P or (sign and not x):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def add(one: tuple[int, ...], two: tuple[int, ...]) -> tuple[int, ...]:
    a = (one[1] - one[0]) * (two[1] - two[0])
    b = (one[1] + one[0]) * (two[1] + two[0])
    c, d = 2 * one[3] * two[3] * D, 2 * one[2] * two[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, one: tuple[int, ...]) -> tuple[int, ...]:
    total: tuple[int, ...] = (0, 1, 1, 0)
    while number:
        total = add(total, one) if number & 1 else total
        one, number = add(one, one), number >> 1
    return total


def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """Ed25519, RFC 8032."""
    key, r, base = point(public), point(signature[:32]), point(BASE)
    s = int.from_bytes(signature[32:], "little")
    if not (key and r and base) or len(signature) != 64 or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + text).digest()
    one, two = times(s, base), add(r, times(int.from_bytes(digest, "little") % ORDER, key))
    return all((one[n] * two[2] - two[n] * one[2]) % P == 0 for n in (0, 1))


def leaf_hash(*parts: object) -> bytes:
    """Of the tree of RFC 9162, as all that follows."""
    return hashlib.sha256(b"\x00" + " ".join(map(str, parts)).encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def turns(here: int, last: int, count: int) -> list[bool] | None:
    """Which of so many hashes stand on the left, on the way up; None when they do not fit."""
    found = []
    for _ in range(count):
        if not last:
            return None
        found.append(bool(here & 1 or here == last))
        while found[-1] and not here & 1 and here:
            here, last = here >> 1, last >> 1
        here, last = here >> 1, last >> 1
    return None if last else found


def climb(hashed: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that a proof leads to from a leaf; None when it does not fit this size."""
    lefts = turns(index, size - 1, len(path)) if 0 <= index < size else None
    for beside, is_left in zip(path, lefts or [], strict=False):
        hashed = node(beside, hashed) if is_left else node(hashed, beside)
    return None if lefts is None else hashed


def grows(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    """Whether the old tree is the beginning of the new one."""
    if old == new:
        return old_root == new_root and not path
    path = path if old & (old - 1) else [old_root, *path]
    if not 0 < old < new or not path:
        return False
    shared = (old & -old).bit_length() - 1
    lefts = turns((old - 1) >> shared, (new - 1) >> shared, len(path) - 1)
    one = two = path[0]
    for beside, is_left in zip(path[1:], lefts or [], strict=False):
        one = node(beside, one) if is_left else one
        two = node(beside, two) if is_left else node(two, beside)
    return lefts is not None and one == old_root and two == new_root


def whole_root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node(whole_root(leaves[:half]), whole_root(leaves[half:]))


def read(name: str) -> str:
    try:
        return Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise No(f"No se puede leer «{name}»: ¿está en esta carpeta?") from None


def fields(name: str, *wanted: str) -> list[Any]:
    try:
        said = json.loads(read(name))
        return [said[field] for field in wanted]
    except (ValueError, KeyError, TypeError):
        raise No(f"«{name}» está cortado o no es lo que se pide: bájalo otra vez.") from None


def checkpoint(text: str, key: str) -> tuple[str, int, bytes]:
    """Whose it is, its size and its root; with a key, also that it signed."""
    try:
        body, signed = text.split("\n\n")
        origin, count, summary = body.split("\n")[:3]
        size, root = int(count), b64decode(summary, validate=True)
        dash, name, mark = signed.strip().split(" ")
        said = b64decode(mark, validate=True)
        if (dash, name, len(root)) != ("\u2014", origin, 32):
            raise ValueError
    except ValueError:
        raise No("El punto de control está cortado o no es de un registro.") from None
    if key:
        known, public = read_key(key)
        if known != origin:
            raise No(f"El punto es de otro registro, «{origin}»; la llave es de «{known}».")
        if not is_signed(public, f"{body}\n".encode(), said[4:]):
            raise No("La firma no es de esa llave: alguien cambió el punto, o firmó otra.")
    return origin, size, root


def read_key(key: str) -> tuple[str, bytes]:
    try:
        origin, _, said = key.strip().split("+", 2)
        public = b64decode(said, validate=True)
        if (len(public), public[:1]) != (33, b"\x01"):
            raise ValueError
    except ValueError:
        raise No("La llave no está completa: cópiala entera de /registro/.") from None
    return origin, public[1:]


def receipt(key: str, name: str) -> None:
    seal, salt, day, index, path = fields(name, "sello", "sal", "dia", "hoja", "prueba")
    text, own = fields(name, "punto", "llave")
    origin, size, root = checkpoint(str(text), key or str(own))
    said = leaf_hash(salt, day, seal)
    if not isinstance(index, int) or climb(said, index, size, [*map(bytes.fromhex, path)]) != root:
        raise No("El comprobante no lleva a la raíz firmada: algo en él se cambió.")
    print(f"Bien: el sello {seal} es la anotación {index + 1} de {size} de «{origin}»,")
    print(f"hecha el {day}, y la raíz está firmada con la llave\n  {key or own}")
    if not key:
        print("que viene en el comprobante: compárala con la que publica /registro/.")


def consistency(key: str, old_name: str, new_name: str, proof_name: str) -> None:
    old, new = (checkpoint(read(name), key) for name in (old_name, new_name))
    if old[0] != new[0]:
        raise No(f"Son puntos de dos registros distintos: «{old[0]}» y «{new[0]}».")
    if old[1] > new[1]:
        raise No("El primero es más nuevo que el segundo: escríbelos al revés.")
    start, end, path = fields(proof_name, "de", "a", "prueba")
    if (start, end) != (old[1], new[1]):
        raise No(f"La prueba es de otros puntos: pídela de {old[1]} a {new[1]}.")
    if not grows(old[1], new[1], old[2], new[2], [*map(bytes.fromhex, path)]):
        raise No(f"NO: las {new[1]} anotaciones no empiezan con las {old[1]} que guardaste.")
    print(f"Bien: las {old[1]} anotaciones que guardaste siguen iguales entre las {new[1]}.")


def mirror(key: str, name: str, *pages: str) -> None:
    origin, size, root = checkpoint(read(name), key)
    listed = [(page, leaf) for page in pages for leaf in fields(page, "hojas")[0]]
    leaves = [mirrored(leaf, at, page) for at, (page, leaf) in enumerate(listed)]
    if len(leaves) < size:
        raise No(f"Faltan hojas: hay {len(leaves)} y el punto es de {size}.")
    if whole_root(leaves[:size]) != root:
        raise No("Las hojas NO dan la raíz que se firmó.")
    print(f"Bien: las {size} hojas de «{origin}» dan la raíz que se firmó.")


def mirrored(leaf: Any, index: int, page: str) -> bytes:
    if leaf["hoja"] != index:
        raise No(f"En «{page}» falta la hoja {index}: da las páginas completas y en orden.")
    hashed = bytes.fromhex(leaf["hash"])
    if "anotacion" in leaf:
        text = json.dumps(leaf["anotacion"], ensure_ascii=False).encode()
        if leaf_hash(leaf["sal"], leaf["dia"], hashlib.sha256(text).hexdigest()) != hashed:
            raise No(f"La anotación de la hoja {index} no es la que se anotó.")
    return hashed


ORDERS: dict[str, Callable[..., None]]
ORDERS = {"comprobante": receipt, "consistencia": consistency, "espejo": mirror}


def main(words: list[str]) -> str | int:
    key = ""
    if "--llave" in words[:-1]:
        at = words.index("--llave")
        key, words = words[at + 1], words[:at] + words[at + 2 :]
    try:
        order = ORDERS[words[0]]
        signature(order).bind(key, *words[1:])
    except (IndexError, KeyError, TypeError):
        return __doc__ or ""
    try:
        order(key, *words[1:])
    except No as reason:
        return str(reason)
    except (ValueError, KeyError, TypeError):
        return "Algo en los archivos no tiene la forma que debe: bájalos otra vez."
    if not key and order is not receipt:
        print("La firma no se comprobó: añade --llave con la que publica /registro/.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
