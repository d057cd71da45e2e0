#!/usr/bin/env python3
"""Writes GoldenHandshakes.cs: whole handshakes as docs/wire-format.md, section 3, describes them, from nothing but that page
and python3-cryptography. Run:  python3 golden_handshakes.py > GoldenHandshakes.cs"""
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
AES, CHACHA = 1, 2


class Random:
    """The generator of the protocol: ChaCha20, eight blocks at a time, of which the first 32 bytes are the next key."""

    def __init__(self, number):
        self.key, self.left = struct.pack("<Q", number) + bytes(24), b""

    def fill(self, count):
        out = b""
        while len(out) < count:
            if not self.left:
                blocks = Cipher(algorithms.ChaCha20(self.key, bytes(16)), None).encryptor().update(bytes(512))
                self.key, self.left = blocks[:32], blocks[32:]
            take = min(count - len(out), len(self.left))
            out, self.left = out + self.left[:take], self.left[take:]
        return out

    def key_pair(self):
        while True:
            scalar = int.from_bytes(self.fill(32), "big")
            if 0 < scalar < ORDER:
                return KeyPair(scalar)


class KeyPair:
    def __init__(self, scalar):
        self.private = ec.derive_private_key(scalar, ec.SECP256R1())
        numbers = self.private.public_key().public_numbers()
        self.public = numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")

    def agree(self, public):
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + public)
        return self.private.exchange(ec.ECDH(), point)


def sha(data):
    return hashlib.sha256(data).digest()


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def expand(key, info, length):
    out, block, count = b"", b"", 1
    while len(out) < length:
        block = mac(key, block + info + bytes([count]))
        out, count = out + block, count + 1
    return out[:length]


def aead(suite, key, iv, number, associated, plaintext):
    nonce = iv[:4] + (int.from_bytes(iv[4:], "big") ^ number).to_bytes(8, "big")
    cipher = AESGCM(key[:16]) if suite == AES else ChaCha20Poly1305(key)
    return cipher.encrypt(nonce, plaintext, associated)


class State:
    def __init__(self, name, suite):
        self.h = self.ck = name.ljust(32, b"\0")
        self.suite = suite

    def mix_hash(self, data):
        self.h = sha(self.h + data)

    def mix_key(self, secret):
        okm = expand(mac(self.ck, secret), b"", 64)
        self.ck, self.k = okm[:32], okm[32:]

    def seal(self, plaintext):
        out = aead(self.suite, self.k, bytes(12), 0, self.h, plaintext)
        self.mix_hash(out)
        return out

    def secrets(self, cipher):
        return expand(self.ck, b"wecan link keys" + bytes([cipher]) + self.h, 120)


def mac1(receiver, message):
    return mac(sha(b"wecan mac1" + receiver), message)[:16]


def initiation_head(kind, suite, link, ephemeral):
    return bytes([kind, 1, suite, 0]) + struct.pack(">I", link) + ephemeral


def start(name, suite, message, responder):
    state = State(name, suite)
    for part in (message[:8], responder, message[8:72]):
        state.mix_hash(part)
    return state


def offer(lowest, highest, features, ciphers, sent):
    return struct.pack(">BBQBq", lowest, highest, features, ciphers, sent)


def node_initiation(suite, link, own, ephemeral, responder, payload):
    message = initiation_head(1, suite, link, ephemeral.public)
    state = start(b"wecan node IK P256 SHA256 v1", suite, message, responder)
    state.mix_key(ephemeral.agree(responder))
    message += state.seal(own.public)
    state.mix_key(own.agree(responder))
    message += state.seal(payload)
    message += mac1(responder, message)
    return message + bytes(16), state


def node_response(state, link, peer_link, own_ephemeral, peer_ephemeral, peer_static, payload):
    message = bytes([2, 1, 0, 0]) + struct.pack(">II", link, peer_link)
    state.mix_hash(message)
    state.mix_hash(own_ephemeral.public)
    message += own_ephemeral.public
    state.mix_key(own_ephemeral.agree(peer_ephemeral))
    state.mix_key(own_ephemeral.agree(peer_static))
    message += state.seal(payload)
    return message + mac1(peer_static, message)


def client_initiation(suite, link, ephemeral, edge, payload):
    message = initiation_head(4, suite, link, ephemeral.public)
    state = start(b"wecan client NK P256 SHA256 v1", suite, message, edge)
    state.mix_key(ephemeral.agree(edge))
    message += state.seal(payload)
    message += mac1(edge, message)
    return message + bytes(16), state


def client_response(state, link, peer_link, own_ephemeral, peer_ephemeral, payload):
    message = bytes([5, 1, 0, 0]) + struct.pack(">II", link, peer_link)
    state.mix_hash(message)
    state.mix_hash(own_ephemeral.public)
    message += own_ephemeral.public
    state.mix_key(own_ephemeral.agree(peer_ephemeral))
    return message + state.seal(payload)


def welcome(epoch, version, cipher, features, echo, received, held):
    return struct.pack(">IBBQqqI", epoch, version, cipher, features, echo, received, held)


def cookie_reply(initiation, responder, secret, address, port, nonce):
    cookie = mac(secret, address + struct.pack(">H", port))[:16]
    prk = mac(sha(b"wecan cookie" + responder), nonce + initiation[-32:-16])
    okm = expand(prk, b"wecan cookie key", 44)
    head = b"\x03" + initiation[1:8]
    reply = head + nonce + aead(initiation[2], okm[:32], okm[32:], 0, head, cookie)
    return reply, initiation[:-16] + mac(cookie, initiation[:-16])[:16]


def rekey(chain, cipher, generation, initiator, responder):
    info = b"wecan link rekey" + bytes([cipher]) + struct.pack(">I", generation) + initiator.public + responder.public
    return expand(mac(chain, initiator.agree(responder.public)), info, 120)


def samples(cipher, secrets):
    """One packet each way, and the chain secret."""
    return (
        aead(cipher, secrets[:32], secrets[32:44], 258, b"head", b"to the responder"),
        aead(cipher, secrets[44:76], secrets[76:88], 259, b"head", b"to the initiator"),
        secrets[88:])


def emit(**values):
    for name, value in values.items():
        print(f'    public const string {name} = "{value.hex()}";')


def emit_secrets(prefix, cipher, secrets):
    one, two, chain = samples(cipher, secrets)
    emit(**{prefix + "ToResponder": one, prefix + "ToInitiator": two, prefix + "Chain": chain})


def static(name):
    return KeyPair(int.from_bytes(sha(name), "big"))


def node():
    initiator, responder = static(b"initiator"), static(b"responder")
    random_i, random_r = Random(1), Random(2)
    e_i = random_i.key_pair()
    hello = struct.pack(">HIQ", 3, 0x01020304, 5) + offer(1, 1, 0x8000000000000005, 6, 1_000_000)
    message, state = node_initiation(AES, 0x11121314, initiator, e_i, responder.public, hello)
    emit(NodeInitiation=message)

    # Under load first: the generator gives the secret before, the secret, and the nonce.
    random_r.fill(32)
    secret, nonce = random_r.fill(32), random_r.fill(16)
    reply, with_cookie = cookie_reply(message, responder.public, secret, bytes(10) + b"\xff\xff\xc0\0\2\1", 4600, nonce)
    emit(CookieReply=reply, NodeInitiationWithCookie=with_cookie)

    e_r = random_r.key_pair()
    answer = welcome(9, 1, CHACHA, 0x8000000000000001, 1_000_000, 2_000, 345)
    emit(NodeResponse=node_response(state, 0x21222324, 0x11121314, e_r, e_i.public, initiator.public, answer))
    secrets = state.secrets(CHACHA)
    emit_secrets("Node", CHACHA, secrets)
    emit_secrets("Rekey", CHACHA, rekey(secrets[88:], CHACHA, 1, random_i.key_pair(), random_r.key_pair()))


def node_of_tomorrow():
    """It offers versions, features and ciphers that version 1 does not know, and both messages carry extensions."""
    initiator, responder = static(b"initiator"), static(b"responder")
    extensions = struct.pack(">HH", 7, 3) + b"abc" + struct.pack(">HH", 0xFFFF, 0)
    hello = struct.pack(">HIQ", 3, 0x01020304, 6) + offer(1, 9, 0xFFFFFFFFFFFFFFFF, 0xFA, 7) + extensions
    message, _ = node_initiation(CHACHA, 0x31323334, initiator, Random(3).key_pair(), responder.public, hello)
    emit(TomorrowInitiation=message)

    e_i = Random(1).key_pair()
    hello = struct.pack(">HIQ", 3, 0x01020304, 5) + offer(1, 1, 0x8000000000000005, 6, 1_000_000)
    _, state = node_initiation(AES, 0x11121314, initiator, e_i, responder.public, hello)
    answer = welcome(9, 1, AES, 1, 1_000_000, 2_000, 345) + extensions
    emit(TomorrowResponse=node_response(state, 0x21222324, 0x11121314, Random(4).key_pair(), e_i.public, initiator.public, answer))
    emit_secrets("Tomorrow", AES, state.secrets(AES))


def client():
    edge = static(b"responder")
    token = b"a token"
    e_c, e_e = Random(5).key_pair(), Random(6).key_pair()
    hello = struct.pack(">QQ", 0x0102030405060708, 4) + offer(1, 1, 3, 2, 77) + struct.pack(">H", len(token)) + token
    message, state = client_initiation(CHACHA, 0x41424344, e_c, edge.public, hello)
    emit(ClientInitiation=message)
    answer = welcome(9, 1, AES, 2, 77, 3_000, 0) + struct.pack(">Q", 0xC1C2C3C4C5C6C7C8)
    emit(ClientResponse=client_response(state, 0x51525354, 0x41424344, e_e, e_c.public, answer))
    emit_secrets("Client", AES, state.secrets(AES))


print("namespace WeCan.Protocol.Tests.Handshakes;\n")
print("/// <summary>Written by golden_handshakes.py, which is an implementation of its own; not to be edited.</summary>")
print("internal static class GoldenHandshakes\n{")
node()
node_of_tomorrow()
client()
print("}")
