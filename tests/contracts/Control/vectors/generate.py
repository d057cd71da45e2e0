#!/usr/bin/python3
"""Writes control.json beside this file, with an implementation of MessagePack, base 32 and SHA-256 that is not ours.

Run with Debian's python3-msgpack (apt-get install python3-msgpack), whenever a message is added or changed:

    /usr/bin/python3 generate.py

Each vector is one message of docs/control.md as that page describes it, written by hand as numbers, and the payload that
msgpack packs it into. The test builds the same message by name and holds both directions. "marks" are those of the ways in "routes", "accessMark"
is that of one record, and "token" is one enrolment token.
"""

import hashlib
import json
import os

import msgpack

key = bytes(range(1, 65))
version = [300, 0x0123456789ABCDEF]
later = [70000, 0xFEDCBA9876543210]
network = bytes(range(16, 32))
ipv4 = bytes([192, 0, 2, 1]) + (4600).to_bytes(2, "big")
ipv6 = bytes.fromhex("20010db8000000000000000000000001") + (4601).to_bytes(2, "big")
edge = {1: 7, 2: 2, 3: key, 4: [ipv4, ipv6], 5: "fra-1", 6: "eu", 7: "fra", 8: "op", 9: 513, 10: 1800000000, 11: 1}
relay = {1: 9, 2: 1, 3: key, 10: 1800000001, 11: 2}

messages = {
    "ping": [1, {1: 7}],
    "pong": [2, {1: 4000000000}],
    "goodbye": [3, {1: 4, 2: "node 7 was revoked", 3: 60}],
    "hello": [16, {1: 1, 2: "wecan-relay 0.1", 3: 1, 4: 1700000000, 5: [ipv4], 6: network, 7: version, 8: True, 9: [5, version[1]]}],
    "ack": [17, {1: version}],
    "resync": [18, {}],
    "renew": [19, {1: b"request", 2: key}],
    "addresses": [20, {1: [ipv6, ipv4]}],
    "draining": [21, {1: False}],
    "welcome": [32, {1: 1, 2: "c1", 3: network, 4: 7, 5: 1700000000, 6: ["c1.example.org:4700", "[2001:db8::2]:4700"], 7: [b"a1", b"a2"]}],
    "snapshot": [33, {1: version, 2: 3, 3: True, 4: [edge, relay]}],
    "delta": [34, {1: version, 2: later, 3: [[1, edge], [2, relay], [3, relay], [4, 11], [5, 65535]]}],
    "certificate": [35, {1: [b"own", b"authority"]}],
    "refusal": [36, {1: 19, 2: "no"}],
    "linkReports": [22, {1: True, 2: False, 3: [
        [9, 2, 80250, 79000, 300, 50000, 1000000, 150, 400, 100000, 2500], [300, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [70, 0]]}],
    "routesHeld": [23, {1: [5, 77], 2: True}],
    "nodeTraffic": [24, {1: 10000, 2: [[1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 0], [70000, 2**40, 1, 0, 0, 2**50], [0, 0, 7, 8, 0, 0]], 3: 300, 4: 2**33, 5: [[9, 1000, 990, 42000], [300, 1, 0, 0]], 6: [[9, 995, 980, 5, 970]]}],
    "routes": [37, {1: [5, 77], 2: [6, 2**64 - 1], 3: 1, 4: True, 5: [[3], [9, [], [4], [300, 6]], [11, [9]], [2**16 + 9, [8]], [2**17 + 11, []]]}],
    "accessHeld": [25, {1: [5, 77], 2: True}],
    "access": [38, {1: [5, 77], 2: [6, 2**64 - 1], 3: 1, 4: True, 5: [[1, "2026-11", b"body"], [2, "shop/sub/ann"], [9, "later", b"x"]]}],
    "accessWhole": [38, {2: [1, 0], 3: 0, 4: False, 5: []}],
    "routesWhole": [37, {2: [1, 0], 3: 0, 4: False, 5: []}],
}


def mark(destination, *ways, route_class=0):
    value = 0xCBF29CE484222325
    body = destination.to_bytes(2, "big") + bytes([route_class] if route_class else []) + b"".join(bytes([len(way)]) + b"".join(relay.to_bytes(2, "big") for relay in way) for way in ways)
    for byte in body:
        value = (value ^ byte) * 0x100000001B3 & (2**64 - 1)
    return value


def access_mark(kind, name, body):
    name = name.encode()
    return int.from_bytes(hashlib.sha256(bytes([kind]) + len(name).to_bytes(2, "big") + name + body).digest()[:8], "big")


def token(identity, secret, authority):
    head = identity.to_bytes(8, "big") + secret + authority
    whole = head + hashlib.sha256(b"wecan1." + head).digest()[:4]
    number = int.from_bytes(whole, "big")
    digits = "0123456789abcdefghjkmnpqrstvwxyz"
    return "wecan1." + "".join(digits[number >> shift & 31] for shift in range(475, -1, -5))


packer = msgpack.Packer(use_bin_type=True)
vectors = {
    "messages": {name: packer.pack(value).hex() for name, value in messages.items()},
    "marks": [mark(9, [], [4], [300, 6]), mark(11, [9]), mark(9, [8], route_class=1)],
    "accessMark": access_mark(2, "shop/sub/änn", b"body"),
    "token": token(0x0123456789ABCDEF, bytes(range(1, 17)), hashlib.sha256(b"authority").digest()),
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "control.json"), "w", encoding="utf-8") as file:
    json.dump(vectors, file, indent=1)
    file.write("\n")
