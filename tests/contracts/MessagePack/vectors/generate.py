#!/usr/bin/python3
"""Writes golden.json and malformed.json beside this file, with an implementation that is not ours.

Run with Debian's python3-msgpack (apt-get install python3-msgpack), whenever a vector is added:

    /usr/bin/python3 generate.py

golden.json holds values and the bytes that msgpack packs them into; "canonical" is false where the bytes were put
together here in another encoding, never a shorter one, and msgpack only confirmed that they unpack to the value.
malformed.json holds bytes that msgpack refuses to unpack.

Bytes are hexadecimal; "c4ff 61*255" is c4 ff and then 255 times 61. A value is "nil" or one of
    {"bool": b}  {"int": "decimal"}  {"f32": "bits"}  {"f64": "bits"}  {"ts": "seconds", "ns": nanoseconds}
    {"str": s}  {"bin": "hex"}  {"ext": type, "data": "hex"}  {"array": [values]}  {"map": [[key, value]]}
where "times" repeats what the string, binary, data, array or map holds.
"""

import json
import os
import struct

import msgpack

packer = msgpack.Packer(use_bin_type=True)
single = msgpack.Packer(use_single_float=True)
golden = []
malformed = []


def compact(data):
    """The bytes in hexadecimal, with the longest repetition at their end told as such."""
    if len(data) <= 64:
        return data.hex()
    best = (len(data), b"", 0)
    for size in range(1, 9):
        unit = data[-size:]
        times = 0
        while data[len(data) - (times + 1) * size:len(data) - times * size] == unit:
            times += 1
        rest = len(data) - times * size
        if rest + size < best[0]:
            best = (rest + size, unit, times)
    _, unit, times = best
    head = data[:len(data) - len(unit) * times]
    assert len(head) <= 256, "store this one more compactly"
    return f"{head.hex()} {unit.hex()}*{times}"


def unpack(data):
    return msgpack.unpackb(
        data, raw=False, strict_map_key=False, timestamp=0, object_pairs_hook=lambda pairs: ("pairs", pairs),
        ext_hook=lambda code, body: ("ext", code, body))


def unpacked(value):
    """What unpack gives for a value in our notation."""
    if value == "nil":
        return None
    times = value.get("times", 1)
    if "bool" in value:
        return value["bool"]
    if "int" in value:
        return int(value["int"])
    if "f32" in value:
        return struct.unpack(">f", bytes.fromhex(value["f32"]))[0]
    if "f64" in value:
        return struct.unpack(">d", bytes.fromhex(value["f64"]))[0]
    if "ts" in value:
        return msgpack.Timestamp(int(value["ts"]), value["ns"])
    if "str" in value:
        return value["str"] * times
    if "bin" in value:
        return bytes.fromhex(value["bin"]) * times
    if "ext" in value:
        return ("ext", value["ext"], bytes.fromhex(value["data"]) * times)
    if "array" in value:
        return [unpacked(item) for item in value["array"]] * times
    return ("pairs", [(unpacked(key), unpacked(item)) for key, item in value["map"]] * times)


def pack(value):
    """Packs our notation; containers by their headers, so that a map may repeat its keys and keep its order."""
    if value == "nil":
        return packer.pack(None)
    times = value.get("times", 1)
    if "f32" in value:
        return single.pack(unpacked(value))
    if "ext" in value:
        data = bytes.fromhex(value["data"]) * times
        if value["ext"] >= 0:
            return packer.pack(msgpack.ExtType(value["ext"], data))
        by_hand = msgpack.Packer(autoreset=False)
        by_hand.pack_ext_type(value["ext"], data)
        return by_hand.bytes()
    if "array" in value:
        return packer.pack_array_header(len(value["array"]) * times) + b"".join(map(pack, value["array"])) * times
    if "map" in value:
        pairs = b"".join(pack(key) + pack(item) for key, item in value["map"])
        return packer.pack_map_header(len(value["map"]) * times) + pairs * times
    return packer.pack(unpacked(value))


def same(left, right):
    # By their text: it tells -0.0 from 0.0 and True from 1, and a NaN is a NaN.
    return repr(left) == repr(right)


def add(name, value):
    data = pack(value)
    assert same(unpack(data), unpacked(value)), name
    golden.append({"name": name, "bytes": compact(data), "value": value})


def other(name, data, value):
    assert data != pack(value) and len(data) >= len(pack(value)), name
    assert same(unpack(data), unpacked(value)), name
    golden.append({"name": name, "bytes": compact(data), "value": value, "canonical": False})


def refuse(name, data):
    try:
        unpack(data)
    except Exception:
        malformed.append({"name": name, "bytes": compact(data)})
        return
    raise AssertionError(f"msgpack unpacks {name}")


def integer(value):
    return {"int": str(value)}


def f32(value):
    return {"f32": struct.pack(">f", value).hex()}


def f64(value):
    return {"f64": struct.pack(">d", value).hex()}


def timestamp(seconds, nanoseconds):
    return {"ts": str(seconds), "ns": nanoseconds}


def scalars():
    add("nil", "nil")
    add("false", {"bool": False})
    add("true", {"bool": True})
    integers = set(range(-40, 140)) | {1000, 4600, 10**6, 10**9, 10**12, 10**18, -100, -1000, -10**9, -10**18}
    for bits in range(65):
        for near in (-2, -1, 0, 1, 2):
            integers |= {(1 << bits) + near, -(1 << bits) + near}
    for value in sorted(integers):
        if -(1 << 63) <= value < 1 << 64:
            add(f"int {value}", integer(value))
    floats = [0.0, -0.0, 1.0, -1.0, 0.5, 0.1, 1 / 3, 1e-45, 1.17549435e-38, 3.4028234663852886e38,
              float("inf"), float("-inf"), float("nan")]
    for value in floats:
        add(f"f32 {value!r}", f32(value))
        add(f"f64 {value!r}", f64(value))
    for value in [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 2.0**53, 3.141592653589793]:
        add(f"f64 {value!r}", f64(value))


LENGTHS = [*range(34), 127, 128, 254, 255, 256, 257, 65534, 65535, 65536, 65537]


def measured():
    for length in LENGTHS:
        add(f"str of {length}", {"str": "a", "times": length})
        add(f"bin of {length}", {"bin": "fe", "times": length})
        add(f"ext of {length}", {"ext": 7, "data": "5a", "times": length})
    for text in ["é", "ß", "漢字", "🦀", "\0", "\u0001\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff",
                 "line\nbreak", "éééééééééééééééa", "éééééééééééééééé", "node.name", "Ж" * 20, "e\u0301"]:
        add(f"str {text!a}", {"str": text})
    for unit, times in [("é", 127), ("é", 128), ("漢", 21845), ("漢", 21846), ("🦀", 63), ("🦀", 64)]:
        add(f"str of {times} {unit!a}", {"str": unit, "times": times})
    for code in [0, 1, 2, 42, 100, 126, 127, -2, -3, -64, -127, -128]:
        for data in ["", "00", "0102", "010203", "01020304", "0102030405060708", "000102030405060708090a0b",
                     "00112233445566778899aabbccddeeff"]:
            add(f"ext {code} of {len(data) // 2}", {"ext": code, "data": data})


def counted():
    for length in LENGTHS:
        add(f"array of {length}", {"array": ["nil"], "times": length})
        add(f"map of {length}", {"map": [[integer(1), {"bool": True}]], "times": length})
    for length in (14, 15, 16, 17, 40):
        add(f"array to {length}", {"array": [integer(i) for i in range(length)]})
    keys = [[{"str": f"k{i}"}, integer(i * 1000)] for i in range(20)]
    for length in (1, 2, 15, 16, 20):
        add(f"map to {length}", {"map": keys[:length]})
    add("map with keys of every type", {"map": [
        ["nil", {"bool": True}], [{"bool": False}, "nil"], [integer(-5), f64(0.5)], [integer(2**64 - 1), {"str": ""}],
        [f64(1.5), {"bin": ""}], [{"bin": "00ff"}, {"array": []}], [{"ext": 3, "data": "aa"}, {"map": []}]]})
    add("control message", {"map": [
        [{"str": "type"}, {"str": "report"}],
        [{"str": "at"}, timestamp(1_790_000_000, 123_456_789)],
        [{"str": "links"}, {"array": [
            {"map": [[{"str": "peer"}, integer(17)], [{"str": "rtt"}, f64(0.0125)], [{"str": "loss"}, f32(0.25)]]},
            {"map": [[{"str": "peer"}, integer(1700)], [{"str": "rtt"}, "nil"], [{"str": "key"}, {"bin": "a0b1c2"}]]}]}]]})
    for depth in (2, 3, 16, 32, 63, 64):
        nested = {"array": []}
        maps = {"map": []}
        for _ in range(depth - 1):
            nested = {"array": [nested]}
            maps = {"map": [[integer(1), maps]]}
        add(f"arrays {depth} deep", nested)
        add(f"maps {depth} deep", maps)
    tree = integer(1)
    for _ in range(6):
        tree = {"array": [tree, {"map": [[{"str": "x"}, tree]]}]}
        if len(pack(tree)) > 60:
            break
        add(f"tree of {len(pack(tree))} bytes", tree)


def timestamps():
    edges = {0, 1, 1_790_000_000}
    for bits in (31, 32, 33, 34, 35, 62):
        edges |= {(1 << bits) - 1, 1 << bits, -(1 << bits)}
    # The ends of the years 1 to 9999, which calendar types hold, and their neighbours, which they don't.
    edges |= {-62135596801, -62135596800, 253402300799, 253402300800, -1, -2, -86400, (1 << 63) - 1, -(1 << 63)}
    for seconds in sorted(edges):
        for nanoseconds in (0, 1, 100, 500_000_000, 999_999_999):
            add(f"timestamp {seconds} and {nanoseconds}", timestamp(seconds, nanoseconds))


def encoded_otherwise():
    for value in (0, 1, 31, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1):
        for code, form in ((0xCC, ">B"), (0xCD, ">H"), (0xCE, ">I"), (0xCF, ">Q"), (0xD0, ">b"), (0xD1, ">h"), (0xD2, ">i"), (0xD3, ">q")):
            try:
                data = bytes([code]) + struct.pack(form, value)
            except struct.error:
                continue
            if data != pack(integer(value)):
                other(f"int {value} as {code:x}", data, integer(value))
    for value in (-1, -32, -33, -128, -129, -32768, -32769, -2**31):
        for code, form in ((0xD0, ">b"), (0xD1, ">h"), (0xD2, ">i"), (0xD3, ">q")):
            try:
                data = bytes([code]) + struct.pack(form, value)
            except struct.error:
                continue
            if data != pack(integer(value)):
                other(f"int {value} as {code:x}", data, integer(value))
    lengths = ((">B", 0), (">H", 1), (">I", 2))
    for length in (0, 1, 5, 16, 31, 32, 200):
        for form, step in lengths:
            head = struct.pack(form, length)
            for first, kind, value in ((0xD9, "str", {"str": "z", "times": length}), (0xC4, "bin", {"bin": "7a", "times": length})):
                data = bytes([first + step]) + head + b"z" * length
                if data != pack(value):
                    other(f"{kind} of {length} as {first + step:x}", data, value)
            data = bytes([0xC7 + step]) + head + b"\x09" + b"z" * length
            value = {"ext": 9, "data": "7a", "times": length}
            if data != pack(value):
                other(f"ext of {length} as {0xC7 + step:x}", data, value)
    for length in (0, 1, 15, 16, 100):
        for form, step in ((">H", 0), (">I", 1)):
            head = struct.pack(form, length)
            array = {"array": [integer(3)], "times": length}
            pairs = {"map": [[integer(3), "nil"]], "times": length}
            for code, body, value, kind in ((0xDC, b"\x03", array, "array"), (0xDE, b"\x03\xc0", pairs, "map")):
                data = bytes([code + step]) + head + body * length
                if data != pack(value):
                    other(f"{kind} of {length} as {code + step:x}", data, value)
    for seconds in (0, 1, 2**32 - 1):
        other(f"timestamp {seconds} in 8 bytes", b"\xd7\xff" + struct.pack(">Q", seconds), timestamp(seconds, 0))
        other(f"timestamp {seconds} in 12 bytes", b"\xc7\x0c\xff" + struct.pack(">Iq", 5, seconds), timestamp(seconds, 5))


def refused():
    refuse("nothing", b"")
    refuse("the code never used", b"\xc1")
    refuse("the code never used, in an array", b"\x92\x01\xc1")
    whole = [b"\xcc\x80", b"\xcd\x01\x00", b"\xce\x00\x01\x00\x00", b"\xcf" + bytes(8), b"\xd0\x80", b"\xd1\xff\x00",
             b"\xd2" + bytes(4), b"\xd3" + bytes(8), b"\xca" + bytes(4), b"\xcb" + bytes(8), b"\xa3abc", b"\xd9\x03abc",
             b"\xda\x00\x03abc", b"\xdb\x00\x00\x00\x03abc", b"\xc4\x03abc", b"\xc5\x00\x03abc", b"\xc6\x00\x00\x00\x03abc",
             b"\xd4\x05a", b"\xd5\x05ab", b"\xd6\x05abcd", b"\xd7\x05" + bytes(8), b"\xd8\x05" + bytes(16),
             b"\xc7\x03\x05abc", b"\xc8\x00\x03\x05abc", b"\xc9\x00\x00\x00\x03\x05abc", b"\x92\x01\x02",
             b"\xdc\x00\x02\x01\x02", b"\xdd\x00\x00\x00\x02\x01\x02", b"\x81\x01\x02", b"\xde\x00\x01\x01\x02",
             b"\xdf\x00\x00\x00\x01\x01\x02", b"\x81\xa1k\x92\x01\xa2ab"]
    for data in whole:
        unpack(data)
        for length in range(1, len(data)):
            refuse(f"{data.hex()} cut to {length}", data[:length])
    for code in (0xC6, 0xC9, 0xDB, 0xDD, 0xDF):
        for size in (0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 100):
            refuse(f"{code:x} that announces {size}", bytes([code]) + struct.pack(">I", size) + b"\x05" * 20)
    for name, body in [("a lone continuation", b"\x80"), ("a cut sequence", b"\xe2\x82"), ("an overlong slash", b"\xc0\xaf"),
                       ("an overlong zero", b"\xe0\x80\x80"), ("half a surrogate pair", b"\xed\xa0\x80"),
                       ("a surrogate pair", b"\xed\xa0\xbd\xed\xb8\x80"), ("beyond the last code point", b"\xf4\x90\x80\x80"),
                       ("the byte ff", b"\xff"), ("a five-byte form", b"\xf8\x88\x80\x80\x80"), ("a bad byte after good ones", b"abc\xfe")]:
        refuse(f"string with {name}", bytes([0xA0 + len(body)]) + body)
        refuse(f"string in a map with {name}", b"\x81" + bytes([0xA0 + len(body)]) + body + b"\x01")
    for nanoseconds in (1_000_000_000, 2**30 - 1):
        refuse(f"timestamp of 8 bytes with {nanoseconds} ns", b"\xd7\xff" + struct.pack(">Q", nanoseconds << 34 | 5))
    for nanoseconds in (1_000_000_000, 2**32 - 1):
        refuse(f"timestamp of 12 bytes with {nanoseconds} ns", b"\xc7\x0c\xff" + struct.pack(">Iq", nanoseconds, 5))
    refuse("arrays without an end", b"\x91" * 5000)
    refuse("maps without an end", b"\x81\x01" * 5000)


def write(name, vectors):
    names = [vector["name"] for vector in vectors]
    assert len(names) == len(set(names)), "two vectors have one name"
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, "w", encoding="ascii") as file:
        lines = ",\n".join(json.dumps(vector) for vector in vectors)
        file.write(f"[\n{lines}\n]\n")
    print(f"{name}: {len(vectors)} vectors")


scalars()
measured()
counted()
timestamps()
encoded_otherwise()
refused()
write("golden.json", golden)
write("malformed.json", malformed)
