/* Put under a process by LD_PRELOAD: a disk that is full and a clock that jumps, for as long as a test says so.

   FAULT_FULL   a file: while it exists no file under FAULT_UNDER can grow (what it holds already can be written again)
   FAULT_CLOCK  a file with a number: the seconds by which the clock on the wall is wrong */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name)) real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static int is_full(int file, off_t end) {
    const char *flag = getenv("FAULT_FULL"), *under = getenv("FAULT_UNDER");
    char link[64], path[4096];
    struct stat about;
    ssize_t length;

    if (!flag || !under || stat(flag, &about) || fstat(file, &about) || !S_ISREG(about.st_mode) || end <= about.st_size)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return strncmp(path, under, strlen(under)) == 0;
}

static off_t place(int file) {
    struct stat about;
    if ((fcntl(file, F_GETFL) & O_APPEND) && !fstat(file, &about))
        return about.st_size;
    return lseek(file, 0, SEEK_CUR);
}

static size_t sum(const struct iovec *parts, int count) {
    size_t total = 0;
    while (count--)
        total += parts[count].iov_len;
    return total;
}

#define OR_FULL(file, end, otherwise) \
    if (is_full(file, end)) { errno = ENOSPC; return -1; } \
    return otherwise

ssize_t write(int file, const void *data, size_t size) {
    OR_FULL(file, place(file) + (off_t) size, REAL(write)(file, data, size));
}
ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    OR_FULL(file, at + (off_t) size, REAL(pwrite)(file, data, size, at));
}
ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    OR_FULL(file, at + (off_t) size, REAL(pwrite64)(file, data, size, at));
}
ssize_t writev(int file, const struct iovec *parts, int count) {
    OR_FULL(file, place(file) + (off_t) sum(parts, count), REAL(writev)(file, parts, count));
}
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) {
    OR_FULL(file, at + (off_t) sum(parts, count), REAL(pwritev)(file, parts, count, at));
}
ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at) {
    OR_FULL(file, at + (off_t) sum(parts, count), REAL(pwritev64)(file, parts, count, at));
}
int posix_fallocate(int file, off_t at, off_t size) {
    return is_full(file, at + size) ? ENOSPC : REAL(posix_fallocate)(file, at, size);
}
int posix_fallocate64(int file, off64_t at, off64_t size) {
    return is_full(file, at + size) ? ENOSPC : REAL(posix_fallocate64)(file, at, size);
}

static long seconds_wrong(void) {
    const char *name = getenv("FAULT_CLOCK");
    char said[32] = "";
    int file = name ? open(name, O_RDONLY) : -1;

    if (file < 0)
        return 0;
    if (read(file, said, sizeof said - 1) < 0)
        said[0] = 0;
    close(file);
    return atol(said);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int kept = errno, answer = REAL(clock_gettime)(clock, now);
    if (!answer && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        now->tv_sec += seconds_wrong();
        errno = kept;
    }
    return answer;
}
int gettimeofday(struct timeval *now, void *zone) {
    struct timespec exact;
    if (clock_gettime(CLOCK_REALTIME, &exact))
        return -1;
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *kept) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (kept)
        *kept = now.tv_sec;
    return now.tv_sec;
}
