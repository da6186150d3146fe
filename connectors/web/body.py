"""Reading a body within a bound: of what is sent and of what it unpacks to."""

import zlib
from collections.abc import Iterable, Iterator

ACCEPT_ENCODING = "gzip, deflate"
_STEP = 64 * 1024
_NO_CODINGS = ("", "identity", "none", "utf-8", "utf8")  # the last ones by mistake of servers
_GZIP = b"\x1f\x8b"
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class TooLarge(Exception):
    """The body is larger than the bound; what came so far is thrown away."""


class BadEncoding(Exception):
    """The body is not encoded the way its header says, or in a way that was not asked for."""


def read_bounded(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """The decoded body.

    Never holds more than `max_bytes`, one chunk and one step of 64 KiB: a bomb that unpacks to
    gigabytes is left at the bound.

    Raises:
        TooLarge: more than `max_bytes` after decoding.
        BadEncoding: see there.
    """
    coding = encoding.strip().lower()
    if coding in _NO_CODINGS:
        pieces: Iterable[bytes] = chunks
    elif coding in ("gzip", "x-gzip", "deflate"):
        pieces = _unpack(chunks, coding)
    else:
        raise BadEncoding(f"Content-Encoding: {coding[:80]}")
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > max_bytes:
            raise TooLarge(f"more than {max_bytes} bytes")
    return bytes(body)


def _unpack(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    decoder = None
    began = False
    for chunk in chunks:
        while chunk:
            if decoder is None:
                if began and not chunk.startswith(_GZIP):
                    return  # servers pad the end of a body
                decoder, began = _decoder(coding, chunk), True
            try:
                piece = decoder.decompress(chunk, _STEP)
            except zlib.error as error:
                raise BadEncoding(f"{coding}: {error}") from error
            if piece:
                yield piece
            chunk = decoder.unconsumed_tail
            if decoder.eof:  # gzip may be several members in a row (RFC 1952, 2.2)
                chunk, decoder = decoder.unused_data, None
    if decoder is not None:
        yield from _rest(decoder, coding)


def _rest(decoder: "zlib._Decompress", coding: str) -> Iterator[bytes]:
    """What the decoder still holds back; a stream that does not end is broken."""
    while piece := decoder.decompress(decoder.unconsumed_tail, _STEP):
        yield piece
    if not decoder.eof:
        raise BadEncoding(f"{coding}: ends too early")


def _decoder(coding: str, first: bytes) -> "zlib._Decompress":
    """`deflate` is zlib by the letter and raw with some servers (RFC 9110, 8.4.1.2)."""
    raw = coding == "deflate" and first[0] & 0x0F != 8
    return zlib.decompressobj(-zlib.MAX_WBITS if raw else _GZIP_OR_ZLIB)
