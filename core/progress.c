/* Answers: how does somebody at a terminal see how far we are? */
#include "core/progress.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/text.h"

#define NS_PER_SEC INT64_C(1000000000)
#define REDRAW_NS (NS_PER_SEC / 10)
/* Nothing is shown, and no rate is guessed, before so much time has passed. */
#define QUIET_NS (NS_PER_SEC / 2)
#define CELLS_UNKNOWN 80
#define WHAT_BYTES 128

/* Several threads add; the lock is held for a few additions or one short write. */
struct fw_progress {
    pthread_mutex_t lock;
    char what[WHAT_BYTES];
    uint64_t bytes, total_bytes;
    uint64_t files, total_files;
    int64_t begun_ns, drawn_ns;
    bool shown; /* a line stands on the terminal */
};

/* The one clock that the library reads: it reaches the terminal and nothing else. */
static int64_t now_ns(void)
{
    struct timespec ts;
    if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0) {
        return 0;
    }
    return (int64_t)ts.tv_sec * NS_PER_SEC + ts.tv_nsec;
}

struct fw_progress *fw_progress_new(bool enabled)
{
    struct fw_progress *progress = enabled ? calloc(1, sizeof(*progress)) : NULL;
    if (progress && pthread_mutex_init(&progress->lock, NULL) != 0) {
        free(progress);
        return NULL;
    }
    return progress;
}

static void put(fw_sv text)
{
    fwrite(text.p, 1, text.n, stderr);
    fflush(stderr);
}

static void erase(struct fw_progress *progress)
{
    if (progress->shown) {
        put(FW_SV("\r\x1b[K"));
        progress->shown = false;
    }
}

void fw_progress_free(struct fw_progress *progress)
{
    if (progress) {
        erase(progress);
        pthread_mutex_destroy(&progress->lock);
        free(progress);
    }
}

void fw_progress_begin(struct fw_progress *progress, const char *what, uint64_t total_bytes,
                       uint64_t total_files)
{
    if (!progress) {
        return;
    }
    pthread_mutex_lock(&progress->lock);
    snprintf(progress->what, sizeof(progress->what), "%s", what);
    progress->bytes = 0;
    progress->files = 0;
    progress->total_bytes = total_bytes;
    progress->total_files = total_files;
    progress->begun_ns = now_ns();
    progress->drawn_ns = progress->begun_ns;
    pthread_mutex_unlock(&progress->lock);
}

static void size_text(struct fw_buf *buf, double bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    size_t unit = 0;
    while (bytes >= 999.5 && unit + 1 < sizeof(units) / sizeof(units[0])) {
        bytes /= 1000;
        unit++;
    }
    fw_buf_printf(buf, unit > 0 && bytes < 99.5 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

static void time_left(struct fw_buf *buf, double seconds)
{
    if (seconds < 59.5) {
        fw_buf_printf(buf, "  %.0f s left", seconds + 0.5);
    } else if (seconds < 3600) {
        fw_buf_printf(buf, "  %.0f min left", seconds / 60 + 0.5);
    } else if (seconds < 360000) {
        fw_buf_printf(buf, "  %.1f h left", seconds / 3600);
    }
}

static size_t terminal_cells(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return CELLS_UNKNOWN;
}

static void line_text(const struct fw_progress *progress, int64_t elapsed_ns, struct fw_buf *buf)
{
    double done = (double)progress->bytes;
    double total = (double)progress->total_bytes;
    double rate = done / ((double)elapsed_ns / (double)NS_PER_SEC);
    fw_buf_printf(buf, "%s  ", progress->what);
    size_text(buf, done);
    /* A compressed or growing file can give more than was promised: then there is no per cent. */
    if (total > 0 && done <= total) {
        fw_buf_add_cstr(buf, " of ");
        size_text(buf, total);
        fw_buf_printf(buf, "  %.0f %%", 100 * done / total);
    }
    if (progress->total_files > 1) {
        fw_buf_printf(buf, "  file %" PRIu64 " of %" PRIu64, progress->files,
                      progress->total_files);
    }
    fw_buf_add_cstr(buf, "  ");
    size_text(buf, rate);
    fw_buf_add_cstr(buf, "/s");
    if (total > done && rate > 0) {
        time_left(buf, (total - done) / rate);
    }
}

static void draw(struct fw_progress *progress, int64_t now)
{
    struct fw_buf line;
    struct fw_buf out;
    fw_buf_init(&line);
    fw_buf_init(&out);
    line_text(progress, now - progress->begun_ns, &line);
    fw_buf_add_cstr(&out, "\r");
    fw_text_fit(&out, fw_buf_sv(&line), terminal_cells() - 1);
    fw_buf_add_cstr(&out, "\x1b[K");
    put(fw_buf_sv(&out));
    fw_buf_clear(&out);
    fw_buf_clear(&line);
    progress->drawn_ns = now;
    progress->shown = true;
}

void fw_progress_add(struct fw_progress *progress, uint64_t bytes, uint64_t files)
{
    if (!progress) {
        return;
    }
    pthread_mutex_lock(&progress->lock);
    progress->bytes += bytes;
    progress->files += files;
    int64_t now = now_ns();
    if (now - progress->begun_ns >= QUIET_NS && now - progress->drawn_ns >= REDRAW_NS) {
        draw(progress, now);
    }
    pthread_mutex_unlock(&progress->lock);
}

void fw_progress_end(struct fw_progress *progress)
{
    if (!progress) {
        return;
    }
    pthread_mutex_lock(&progress->lock);
    erase(progress);
    pthread_mutex_unlock(&progress->lock);
}
