"""What PyPy itself says about Python sources: the .pyc, its listing, its content as JSON.

    pypy3 tools/pypy-oracle.py OUTDIR SOURCE.py ...      compiles; the code objects carry the file's base name
    pypy3 tools/pypy-oracle.py --pyc OUTDIR FILE.pyc ... takes compiled files as they are
    pypy3 tools/pypy-oracle.py --opcodes                 this interpreter's opcode tables as JSON

Writes STEM.pyc (not with --pyc), STEM.dis.txt.gz and STEM.tree.json.gz. The listing is dis.dis on the code object that
marshal read back from the file, addresses left out (`at 0x,`). The JSON has the shape of `pyclab tree`.
The header's modification time is fixed and the gzip has none. The marshalled bytes may still differ from run to run: which
strings count as interned (`Z` or `z`), and which are shared, depends on what the process happens to have interned.
"""
import dis
import gzip
import importlib.util
import io
import json
import marshal
import os
import re
import struct
import sys
import types

MTIME = 1_700_000_000
ADDRESS = re.compile(r" at 0x[0-9a-f]+(?=, file )")


def bits(number):
    return struct.pack(">d", number).hex()


def integer(number):
    # str() of a long number takes time quadratic in its length
    return {"t": "int", "hex": hex(number)} if abs(number) >= 10**4000 else {"t": "int", "v": str(number)}


def value(v):
    kind = type(v)
    if v is None:
        return {"t": "None"}
    if v is Ellipsis:
        return {"t": "Ellipsis"}
    if v is StopIteration:
        return {"t": "StopIteration"}
    if kind is bool:
        return {"t": "bool", "v": v}
    if kind is int:
        return integer(v)
    if kind is float:
        return {"t": "float", "bits": bits(v)}
    if kind is complex:
        return {"t": "complex", "re": bits(v.real), "im": bits(v.imag)}
    if kind is bytes:
        return {"t": "bytes", "v": v.hex()}
    if kind is str:
        return {"t": "str", "v": v}
    if kind in (tuple, list, frozenset, set):
        return {"t": kind.__name__, "v": [value(x) for x in v]}
    if kind is dict:
        return {"t": "dict", "v": [[value(k), value(x)] for k, x in v.items()]}
    if kind is types.CodeType:
        return code(v)
    raise TypeError(kind)


def code(c):
    out = {"t": "code"}
    for name in ("argcount", "posonlyargcount", "kwonlyargcount", "nlocals", "stacksize", "flags", "firstlineno"):
        out[name] = getattr(c, "co_" + name)
    out["code"] = c.co_code.hex()
    for name in ("filename", "name", "names", "varnames", "freevars", "cellvars", "consts"):
        out[name] = value(getattr(c, "co_" + name))
    out["lnotab"] = c.co_lnotab.hex()
    out["linestarts"] = [list(pair) for pair in dis.findlinestarts(c)]
    return out


def listing(c):
    out = io.StringIO()
    dis.dis(c, file=out)
    return ADDRESS.sub(" at 0x", out.getvalue())


def compiled(path):
    with open(path, "rb") as f:
        source = f.read()
    body = marshal.dumps(compile(source, os.path.basename(path), "exec", dont_inherit=True))
    return importlib.util.MAGIC_NUMBER + struct.pack("<III", 0, MTIME, len(source)) + body


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def zipped(text):
    return gzip.compress(text.encode("utf-8", "surrogatepass"), 9, mtime=0)


def opcodes():
    import opcode

    kinds = "hasconst hasname hasjrel hasjabs haslocal hascompare hasfree".split()
    table = {k: getattr(opcode, k) for k in kinds}
    table.update(opmap=opcode.opmap, HAVE_ARGUMENT=opcode.HAVE_ARGUMENT, EXTENDED_ARG=opcode.EXTENDED_ARG)
    table.update(cmp_op=opcode.cmp_op, magic=importlib.util.MAGIC_NUMBER.hex(), version=sys.version.split("\n")[-1])
    return table


def main(args):
    if args == ["--opcodes"]:
        json.dump(opcodes(), sys.stdout, indent=1, sort_keys=True)
        return print()
    as_they_are = args[0] == "--pyc"
    outdir, *paths = args[as_they_are:]
    os.makedirs(outdir, exist_ok=True)
    for path in paths:
        stem = os.path.join(outdir, os.path.splitext(os.path.basename(path))[0])
        try:
            data = open(path, "rb").read() if as_they_are else compiled(path)
        except (SyntaxError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            continue
        c = marshal.loads(data[16:])
        if not as_they_are:
            write(stem + ".pyc", data)
        write(stem + ".dis.txt.gz", zipped(listing(c)))
        write(stem + ".tree.json.gz", zipped(json.dumps(value(c), separators=(",", ":"))))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
