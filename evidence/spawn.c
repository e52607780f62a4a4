/* How is an outside program run without a shell, a PATH or an inherited environment? */
#include "evidence/spawn.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_BYTES = 1 << 20 };

enum channel { CHANNEL_IN, CHANNEL_OUT, CHANNEL_ERR, CHANNEL_COUNT };

static const char *const places[] = {
    "/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin", "/usr/pkg/bin",
};

const char *fw_spawn_find(const char *name, char *buffer, size_t size)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        int n = snprintf(buffer, size, "%s/%s", places[i], name);
        if (n > 0 && (size_t)n < size && access(buffer, X_OK) == 0) {
            return buffer;
        }
    }
    return NULL;
}

/* Socket pairs instead of pipes: a program that ends early must be an error here, not a SIGPIPE. */
static enum fw_err open_channels(int pairs[CHANNEL_COUNT][2], bool keep_stderr)
{
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (i == CHANNEL_ERR && keep_stderr) {
            continue;
        }
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[i]) != 0) {
            return fw_err_from_errno(errno);
        }
    }
    return FW_OK;
}

static void close_end(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

static int start(const struct fw_spawn *spawn, int pairs[CHANNEL_COUNT][2], pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t defaults, mask;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) {
        return code;
    }
    code = posix_spawnattr_init(&attr);
    if (code != 0) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return code;
    }
    (void)sigemptyset(&mask);
    (void)sigemptyset(&defaults);
    (void)sigaddset(&defaults, SIGPIPE);
    (void)sigaddset(&defaults, SIGINT);
    (void)sigaddset(&defaults, SIGTERM);
    (void)posix_spawnattr_setsigmask(&attr, &mask);
    (void)posix_spawnattr_setsigdefault(&attr, &defaults);
    (void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    for (int i = 0; i < CHANNEL_COUNT && code == 0; i++) {
        if (pairs[i][1] >= 0) {
            code = posix_spawn_file_actions_adddup2(&actions, pairs[i][1], i);
        }
    }
    if (code == 0) {
        /* posix_spawn takes char *const * but does not write to the strings. */
        code = posix_spawn(ret_pid, spawn->argv[0], &actions, &attr, (char *const *)spawn->argv,
                           (char *const *)spawn->envp);
    }
    (void)posix_spawnattr_destroy(&attr);
    (void)posix_spawn_file_actions_destroy(&actions);
    return code;
}

/* False when this end is done with. */
static bool feed(int fd, fw_sv *input)
{
    ssize_t n = input->n > 0 ? send(fd, input->p, input->n, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;
    if (n < 0) {
        return errno == EINTR || errno == EAGAIN;
    }
    *input = fw_sv_of(input->p + n, input->n - (size_t)n);
    return input->n > 0;
}

static bool drain(int fd, struct fw_buf *into)
{
    char block[4096];
    ssize_t n = read(fd, block, sizeof(block));
    if (n < 0) {
        return errno == EINTR;
    }
    if (n > 0 && into && into->n < OUTPUT_BYTES) {
        fw_buf_add(into, fw_sv_of(block, (size_t)n));
    }
    return n > 0;
}

static void talk(int pairs[CHANNEL_COUNT][2], fw_sv input, struct fw_buf *output,
                 struct fw_buf *errors)
{
    struct fw_buf *into[CHANNEL_COUNT] = {NULL, output, errors};
    for (;;) {
        struct pollfd polled[CHANNEL_COUNT];
        nfds_t open_ends = 0;
        for (int i = 0; i < CHANNEL_COUNT; i++) {
            polled[i] = (struct pollfd){pairs[i][0], i == CHANNEL_IN ? POLLOUT : POLLIN, 0};
            open_ends += pairs[i][0] >= 0;
        }
        if (open_ends == 0) {
            return;
        }
        if (poll(polled, CHANNEL_COUNT, -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return;
        }
        for (int i = 0; i < CHANNEL_COUNT; i++) {
            if (pairs[i][0] < 0 || polled[i].revents == 0) {
                continue;
            }
            bool more = i == CHANNEL_IN ? feed(pairs[i][0], &input) : drain(pairs[i][0], into[i]);
            if (!more) {
                close_end(&pairs[i][0]);
            }
        }
    }
}

enum fw_err fw_spawn_run(const struct fw_spawn *spawn, struct fw_buf *ret_output,
                         struct fw_buf *ret_errors, int *ret_status)
{
    int pairs[CHANNEL_COUNT][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    pid_t pid = -1;
    enum fw_err err = open_channels(pairs, spawn->keep_stderr);
    if (err == FW_OK) {
        int code = start(spawn, pairs, &pid);
        err = code == 0 ? FW_OK : FW_ERR_TOOL;
    }
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        close_end(&pairs[i][1]);
    }
    if (err == FW_OK) {
        talk(pairs, spawn->input, ret_output, ret_errors);
    }
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        close_end(&pairs[i][0]);
    }
    if (err != FW_OK) {
        return err;
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return fw_err_from_errno(errno);
        }
    }
    *ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return FW_OK;
}
