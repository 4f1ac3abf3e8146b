/* Loaded before libc (LD_PRELOAD): counts the calls that reach files below a folder, lets one of them fail, tear or end the
 * process, and records those that change files. Numbers and layouts are those of shim.py. Nothing is flushed to the disk. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { CREATE, OPEN, READ, WRITE, FLUSH, FLUSH_FOLDER, RENAME, UNLINK, MKDIR, RMDIR, TRUNCATE, CLOSE, LIST, STAT, KINDS };
enum { CHANGE = KINDS, SPACE, ALL };          /* any call that changes files; any call that needs space */
enum { FAIL = 1, FAIL_ON, TEAR, KILL, TORN_KILL }; /* FAIL_ON: this call and all later ones */
enum { GO_ON, REFUSE, HALF };

struct control {
  uint64_t counts[ALL], at, fired;
  uint32_t kind, mode, error, is_recording;
  char root[512], record[512];
};
struct entry { uint32_t op, path, data, flags; uint64_t inode, offset; };

static struct control *control;
static char *names[4096]; /* of open files below the root, by descriptor */
static int record = -1;

#define REAL(type, name, ...) static type (*real_##name)(__VA_ARGS__);
REAL(int, open64, const char *, int, ...) REAL(int, openat64, int, const char *, int, ...)
REAL(ssize_t, read, int, void *, size_t) REAL(ssize_t, pread64, int, void *, size_t, off64_t)
REAL(ssize_t, write, int, const void *, size_t) REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)
REAL(int, rename, const char *, const char *) REAL(int, unlink, const char *) REAL(int, unlinkat, int, const char *, int)
REAL(int, mkdir, const char *, mode_t) REAL(int, rmdir, const char *) REAL(int, ftruncate64, int, off64_t)
REAL(int, close, int) REAL(DIR *, opendir, const char *) REAL(DIR *, fdopendir, int)
REAL(int, stat64, const char *, struct stat64 *) REAL(int, lstat64, const char *, struct stat64 *)
REAL(int, fstatat64, int, const char *, struct stat64 *, int)

__attribute__((constructor)) static void begin(void) {
#define FIND(name) real_##name = dlsym(RTLD_NEXT, #name)
  FIND(open64); FIND(openat64); FIND(read); FIND(pread64); FIND(write); FIND(pwrite64); FIND(rename); FIND(unlink);
  FIND(unlinkat); FIND(mkdir); FIND(rmdir); FIND(ftruncate64); FIND(close); FIND(opendir); FIND(fdopendir); FIND(stat64);
  FIND(lstat64); FIND(fstatat64);
  const char *file = getenv("DEHUSK_FAULTS_CONTROL");
  int handle = file ? real_open64(file, O_RDWR) : -1;
  if (handle < 0) return;
  void *memory = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
  real_close(handle);
  if (memory != MAP_FAILED) control = memory;
}

/* Write the absolute path of a name below the folder `at` to `full`, and return it if it is below the root, else NULL. */
static const char *below(int at, const char *name, char *full) {
  if (!control || !control->root[0] || !name) return NULL;
  size_t used = 0;
  if (name[0] != '/') {
    char link[64];
    snprintf(link, sizeof link, at == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", at);
    ssize_t length = readlink(link, full, PATH_MAX - 1);
    if (length < 0) return NULL;
    used = (size_t)length;
    full[used++] = '/';
  }
  if (used + strlen(name) >= PATH_MAX) return NULL;
  strcpy(full + used, name);
  size_t root = strlen(control->root);
  return strncmp(full, control->root, root) == 0 && (full[root] == '/' || !full[root]) ? full : NULL;
}

static int changes(int kind) { return kind != OPEN && kind != READ && kind != CLOSE && kind != LIST && kind != STAT; }
static int needs_space(int kind) { return kind == CREATE || kind == WRITE || kind == MKDIR; }

/* Count a call, and return whether it is to go on, to be refused (errno is set) or to be done by half. */
static int fate(int kind) {
  uint64_t count = __atomic_add_fetch(&control->counts[kind], 1, __ATOMIC_SEQ_CST), change = 0, space = 0;
  if (changes(kind)) change = __atomic_add_fetch(&control->counts[CHANGE], 1, __ATOMIC_SEQ_CST);
  if (needs_space(kind)) space = __atomic_add_fetch(&control->counts[SPACE], 1, __ATOMIC_SEQ_CST);
  uint32_t mode = control->mode, armed = control->kind;
  if (!mode) return GO_ON;
  uint64_t number = armed == (uint32_t)kind ? count : armed == CHANGE ? change : armed == SPACE ? space : 0;
  int goes_on_failing = mode == FAIL_ON || mode == TEAR;
  if (!number || number < control->at || (number > control->at && !goes_on_failing)) return GO_ON;
  control->fired++;
  if (mode == KILL) _exit(137);
  if ((mode == TEAR || mode == TORN_KILL) && number == control->at) return HALF;
  errno = (int)control->error;
  return REFUSE;
}

static void note(int op, int flags, uint64_t inode, uint64_t offset, const char *path, const void *data, size_t length) {
  if (!control->is_recording) return;
  if (record < 0) record = real_open64(control->record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  struct entry entry = {(uint32_t)op, (uint32_t)strlen(path), (uint32_t)length, (uint32_t)flags, inode, offset};
  if (real_write(record, &entry, sizeof entry) < 0 || real_write(record, path, entry.path) < 0 ||
      (length && real_write(record, data, length) < 0)) abort();
}

static uint64_t inode_of(int fd, off64_t *size) {
  struct stat64 status;
  if (fstat64(fd, &status)) return 0;
  if (size) *size = status.st_size;
  return status.st_ino;
}

static const char *name_of(int fd) { return control && fd >= 0 && fd < 4096 ? names[fd] : NULL; }

static int opened(int at, const char *name, int flags, mode_t mode) {
  char full[PATH_MAX];
  const char *path = below(at, name, full);
  if (!path) {
    int other = real_openat64(at, name, flags, mode);
    if (other >= 0 && other < 4096) names[other] = NULL; /* closed unseen, by libc itself */
    return other;
  }
  struct stat64 before;
  int is_new = (flags & O_CREAT) && real_lstat64(path, &before);
  int creates = (flags & (O_CREAT | O_TRUNC)) || (flags & O_TMPFILE) == O_TMPFILE;
  if (fate(creates ? CREATE : OPEN) == REFUSE) return -1;
  int fd = real_openat64(at, name, flags, mode);
  if (fd < 0) return fd;
  if (is_new) note(CREATE, 0, inode_of(fd, NULL), 0, path, NULL, 0);
  else if (flags & O_TRUNC) note(TRUNCATE, 0, inode_of(fd, NULL), 0, path, NULL, 0);
  if (fd < 4096) names[fd] = (flags & O_TMPFILE) == O_TMPFILE ? NULL : strdup(path);
  return fd;
}

#define MODE(flags, mode) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, flags); mode = va_arg(list, mode_t); va_end(list); }

int open64(const char *name, int flags, ...) { MODE(flags, mode) return opened(AT_FDCWD, name, flags, mode); }
int open(const char *name, int flags, ...) { MODE(flags, mode) return opened(AT_FDCWD, name, flags, mode); }
int openat64(int at, const char *name, int flags, ...) { MODE(flags, mode) return opened(at, name, flags, mode); }
int openat(int at, const char *name, int flags, ...) { MODE(flags, mode) return opened(at, name, flags, mode); }

ssize_t read(int fd, void *data, size_t length) {
  int is_half = 0;
  if (name_of(fd)) switch (fate(READ)) { case REFUSE: return -1; case HALF: is_half = 1; }
  return real_read(fd, data, is_half ? (length + 1) / 2 : length);
}

ssize_t pread64(int fd, void *data, size_t length, off64_t offset) {
  int is_half = 0;
  if (name_of(fd)) switch (fate(READ)) { case REFUSE: return -1; case HALF: is_half = 1; }
  return real_pread64(fd, data, is_half ? (length + 1) / 2 : length, offset);
}

/* Write at `offset`, or at the position of the file if it is negative. */
static ssize_t written(int fd, const void *data, size_t length, off64_t offset) {
  const char *path = name_of(fd);
  int what = path ? fate(WRITE) : GO_ON;
  if (what == REFUSE) return -1;
  size_t all = what == HALF ? length / 2 : length;
  off64_t at = offset, size = 0;
  uint64_t inode = path && control->is_recording ? inode_of(fd, &size) : 0;
  if (path && at < 0) at = fcntl(fd, F_GETFL) & O_APPEND ? size : lseek64(fd, 0, SEEK_CUR);
  ssize_t done = offset < 0 ? real_write(fd, data, all) : real_pwrite64(fd, data, all, offset);
  if (what == HALF && control->mode == TORN_KILL) _exit(137);
  if (what == HALF && !all) { errno = (int)control->error; return -1; }
  if (path && done > 0) note(WRITE, 0, inode, (uint64_t)at, path, data, (size_t)done);
  return done;
}

ssize_t write(int fd, const void *data, size_t length) { return written(fd, data, length, -1); }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) { return written(fd, data, length, offset); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return written(fd, data, length, offset); }

static int flushed(int fd) {
  const char *path = name_of(fd);
  struct stat64 status;
  if (!path || fstat64(fd, &status)) return 0;
  int kind = S_ISDIR(status.st_mode) ? FLUSH_FOLDER : FLUSH;
  if (fate(kind) == REFUSE) return -1;
  note(kind, 0, status.st_ino, 0, path, NULL, 0);
  return 0;
}

int fsync(int fd) { return flushed(fd); }
int fdatasync(int fd) { return flushed(fd); }

int rename(const char *from, const char *to) {
  char full[PATH_MAX], full_to[PATH_MAX];
  const char *path = below(AT_FDCWD, from, full), *path_to = below(AT_FDCWD, to, full_to);
  if (path && path_to && fate(RENAME) == REFUSE) return -1;
  int failed = real_rename(from, to);
  if (path && path_to && !failed) note(RENAME, 0, 0, 0, path, path_to, strlen(path_to));
  return failed;
}

int unlinkat(int at, const char *name, int flags) {
  char full[PATH_MAX];
  const char *path = below(at, name, full);
  int kind = flags & AT_REMOVEDIR ? RMDIR : UNLINK;
  if (path && fate(kind) == REFUSE) return -1;
  int failed = real_unlinkat(at, name, flags);
  if (path && !failed) note(kind, 0, 0, 0, path, NULL, 0);
  return failed;
}

int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdir(const char *name, mode_t mode) {
  char full[PATH_MAX];
  const char *path = below(AT_FDCWD, name, full);
  if (path && fate(MKDIR) == REFUSE) return -1;
  int failed = real_mkdir(name, mode);
  if (path && !failed) note(MKDIR, 0, 0, 0, path, NULL, 0);
  return failed;
}

int ftruncate64(int fd, off64_t size) {
  const char *path = name_of(fd);
  if (path && fate(TRUNCATE) == REFUSE) return -1;
  int failed = real_ftruncate64(fd, size);
  if (path && !failed) note(TRUNCATE, 0, inode_of(fd, NULL), (uint64_t)size, path, NULL, 0);
  return failed;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

/* As Linux does, close the file also where an error is reported. */
int close(int fd) {
  char *path = fd >= 0 && fd < 4096 ? names[fd] : NULL;
  if (!path) return real_close(fd);
  names[fd] = NULL;
  free(path);
  int what = control ? fate(CLOSE) : GO_ON, error = errno, failed = real_close(fd);
  if (what != REFUSE) return failed;
  errno = error;
  return -1;
}

DIR *opendir(const char *name) {
  char full[PATH_MAX];
  return below(AT_FDCWD, name, full) && fate(LIST) == REFUSE ? NULL : real_opendir(name);
}
DIR *fdopendir(int fd) { return name_of(fd) && fate(LIST) == REFUSE ? NULL : real_fdopendir(fd); }

int fstatat64(int at, const char *name, struct stat64 *status, int flags) {
  char full[PATH_MAX];
  return below(at, name, full) && fate(STAT) == REFUSE ? -1 : real_fstatat64(at, name, status, flags);
}
int stat64(const char *name, struct stat64 *status) { return fstatat64(AT_FDCWD, name, status, 0); }
int lstat64(const char *name, struct stat64 *status) { return fstatat64(AT_FDCWD, name, status, AT_SYMLINK_NOFOLLOW); }
