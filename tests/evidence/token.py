"""A FIDO2 token without hardware, behind the protocol of ssh-agent.

    token.py make ed25519|p256 NAME     a key: NAME.pem, and NAME.pub as ssh-keygen -t ed25519-sk writes it
    token.py agent SOCKET NAME...       an agent that signs with these keys, until it is killed

What a token signs is no message but sha256(application), flags, a counter and sha256(message): OpenSSH's
PROTOCOL.u2f. ssh-keygen sees keys and signatures like those of any token.
"""

import base64
import hashlib
import os
import socket
import struct
import subprocess
import sys

APPLICATION = b"ssh:"
TOUCHED = 1
REQUEST_KEYS, KEYS, REQUEST_SIGNATURE, SIGNATURE, FAILURE = 11, 12, 13, 14, 5


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def string(text):
    return struct.pack(">I", len(text)) + text


def take(rest):
    (n,) = struct.unpack_from(">I", rest)
    return rest[4 : 4 + n], rest[4 + n :]


def kind_of(blob):
    return take(blob)[0]


def make(kind, name):
    algorithm = ["ED25519"] if kind == "ed25519" else ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    openssl("genpkey", "-algorithm", *algorithm, "-out", f"{name}.pem")
    public = openssl("pkey", "-in", f"{name}.pem", "-pubout", "-outform", "DER")
    if kind == "ed25519":
        parts = [b"sk-ssh-ed25519@openssh.com", public[-32:]]
    else:
        parts = [b"sk-ecdsa-sha2-nistp256@openssh.com", b"nistp256", public[-65:]]
    blob = b"".join(map(string, [*parts, APPLICATION]))
    with open(f"{name}.pub", "w", encoding="ascii") as file:
        print(parts[0].decode(), base64.b64encode(blob).decode(), name, file=file)


def integers(der):
    """The two numbers of an ECDSA signature, as OpenSSH spells them: both write them alike."""
    numbers = b""
    at = 2
    for _ in range(2):
        n = der[at + 1]
        numbers += string(der[at + 2 : at + 2 + n])
        at += 2 + n
    return numbers


def sign(name, blob, message, counter):
    tail = struct.pack(">BI", TOUCHED, counter)
    file = f"{name}.touch"
    with open(file, "wb") as out:
        out.write(hashlib.sha256(APPLICATION).digest() + tail + hashlib.sha256(message).digest())
    if kind_of(blob).startswith(b"sk-ssh"):
        raw = openssl("pkeyutl", "-sign", "-rawin", "-inkey", f"{name}.pem", "-in", file)
    else:
        raw = integers(openssl("dgst", "-sha256", "-sign", f"{name}.pem", file))
    os.remove(file)
    return string(kind_of(blob)) + string(raw) + tail


def answer(message, keys, counter):
    if message[0] == REQUEST_KEYS:
        listed = b"".join(string(blob) + string(b"token") for blob in keys)
        return bytes([KEYS]) + struct.pack(">I", len(keys)) + listed
    if message[0] == REQUEST_SIGNATURE:
        blob, rest = take(message[1:])
        if blob in keys:
            return bytes([SIGNATURE]) + string(sign(keys[blob], blob, take(rest)[0], counter))
    return bytes([FAILURE])


def agent(path, names):
    keys = {}
    for name in names:
        with open(f"{name}.pub", encoding="ascii") as file:
            keys[base64.b64decode(file.read().split()[1])] = name
    counter = 0
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        while True:
            with server.accept()[0] as peer, peer.makefile("rwb") as stream:
                while len(head := stream.read(4)) == 4:
                    counter += 1
                    reply = answer(stream.read(struct.unpack(">I", head)[0]), keys, counter)
                    stream.write(string(reply))
                    stream.flush()


if sys.argv[1] == "make":
    make(*sys.argv[2:4])
else:
    agent(sys.argv[2], sys.argv[3:])
