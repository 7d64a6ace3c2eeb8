"""On the host: CPython's own tests, as this Python carries them, as a zip file in Base64 on stdout.

Without what no interpreter without processes, threads or C can run, and without large data.
"""

import base64
import io
import os
import sys
import zipfile

FOLDERS_LEFT_OUT = {"__pycache__", "test_asyncio", "test_capi", "test_gdb", "test_tkinter", "test_ttk", "test_cext", "test_cppext", "test_tools",
                    "test_multiprocessing_fork", "test_multiprocessing_forkserver", "test_multiprocessing_spawn", "test_concurrent_futures",
                    "test_free_threading", "test_interpreters", "test_sqlite3", "test_ctypes", "test_dbm", "test_curses", "test_pyrepl",
                    "decimaltestdata", "wheeldata", "archivetestdata", "certdata", "leakers", "libregrtest", "cjkencodings", "audiodata",
                    "typinganndata_", "profilee", "crashers"}
KINDS = {".py", ".txt", ".toml", ".json", ".xml", ".csv", ".pck"}
FILE_BYTES_MAX = 1 << 20

import test  # noqa: E402

root = os.path.dirname(test.__file__)
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(set(folders) - FOLDERS_LEFT_OUT)
        for name in sorted(files):
            path = os.path.join(folder, name)
            if os.path.splitext(name)[1] in KINDS and os.path.getsize(path) <= FILE_BYTES_MAX:
                archive.write(path, os.path.join("test", os.path.relpath(path, root)))
sys.stdout.write(base64.b64encode(buffer.getvalue()).decode())
