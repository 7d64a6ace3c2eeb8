"""Files as programs expect them. The host has them; here is what the interpreter lacks to use them."""

import errno
import os
import sys

HOME = "/home"
# Of the image; nothing below can be changed.
ENVIRONMENT = "/environment"
PACKAGES = ENVIRONMENT + "/site-packages"


def install():
    os.environ["HOME"] = HOME
    os.chdir(HOME)
    sys.path[:] = [HOME, PACKAGES]
    os.access = access
    os.chmod = chmod


def access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True):
    """Use the real uid/gid to test for access to a path."""
    try:
        status = os.stat(path, dir_fd=dir_fd)
    except OSError:
        return False
    directory = status.st_mode & 0o170000 == 0o040000
    return not (mode & os.W_OK and _is_packaged(path)) and not (mode & os.X_OK and not directory)


def chmod(path, mode, *, dir_fd=None, follow_symlinks=True):
    """Change the access permissions of a file."""
    # There is one user, so there is nothing to permit: that the file is there is all that can be wrong.
    if isinstance(path, int):
        os.fstat(path)
        return
    os.stat(path, dir_fd=dir_fd)
    if _is_packaged(path):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)


def _is_packaged(path):
    if isinstance(path, int):
        return False
    whole = os.path.normpath(os.path.join(os.getcwd(), os.fsdecode(path)))
    return whole == ENVIRONMENT or whole.startswith(ENVIRONMENT + "/")


def is_own(filename):
    """Whether a user wrote the file of this name."""
    return filename.startswith("/") and not filename.startswith(ENVIRONMENT + "/")
