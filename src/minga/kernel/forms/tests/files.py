"""Small files of each kind, and of those that deceive."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 200 100]>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3a\x7e\x9b\x55"
    b"\0\0\0\nIDATx\x9cc\x60\0\0\0\2\0\1\x48\xaf\xa4\x71\0\0\0\0IEND\xaeB\x60\x82"
)
JPEG = (
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + b"\xff\xdb\0\x43" + b"\1" * 64 + b"\xff\xd9"
)
EXIF = b"\xff\xd8\xff\xe1\0\x10Exif\0\0MM\0*" + b"\1" * 64 + b"\xff\xd9"
CSV = "barrio;obras\nSan Luis;3\nEl Ángel;5\n".encode()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
PROGRAM = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


def packed(**parts: bytes) -> bytes:
    """A zip of these; two underscores stand for a slash and one for a dot."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), part)
    return made.getvalue()


def docx(**more: bytes) -> bytes:
    return packed(word__document_xml=b"<w:document/>", **more)


OF_THE_WEB = packed(word__document2_xml=b"<w:document/>")  # as an office in the browser writes
XLSX = packed(xl__workbook_xml=b"<workbook/>")
ODS = packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b"<office/>")
ODT = packed(mimetype=b"application/vnd.oasis.opendocument.text", content_xml=b"<office/>")
