/* Makes fsync and fdatasync fail with EIO while the file named by FAIL_FSYNC exists. Loaded with LD_PRELOAD by tests/failing.rs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int failing(void) {
    const char *name = getenv("FAIL_FSYNC");
    return name != NULL && access(name, F_OK) == 0;
}

static int sync_or_fail(const char *function, int fd) {
    if (failing()) {
        errno = EIO;
        return -1;
    }
    return ((int (*)(int))dlsym(RTLD_NEXT, function))(fd);
}

int fsync(int fd) {
    return sync_or_fail("fsync", fd);
}

int fdatasync(int fd) {
    return sync_or_fail("fdatasync", fd);
}
