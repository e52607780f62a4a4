/* Answers: what was wrong with the input, and how is a person told? */
#include "core/diag.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/limits.h"
#include "core/search.h"
#include "core/text.h"

#define NAME_BYTES 32
#define LINE_KEPT 512
#define MESSAGE_KEPT 2048
/* Cells of a quoted line: wide enough for a rule, narrow enough to stay on one terminal line. */
#define QUOTE_CELLS 96
/* A long line is quoted from this far before the caret. */
#define QUOTE_BEFORE 48

/* All diagnostics of one id in one file. */
struct kind {
    enum fw_diag_id id;
    fw_sv path;
    size_t kept;
    struct fw_diag *v[FW_LIMIT_DIAG_EXAMPLES]; /* sorted; the last carries the repeats */
    uint64_t repeats;
};

/* A kept diagnostic with its texts. */
struct entry {
    struct fw_diag diag;
    char text[];
};

/* The arena holds lists and kinds. Entries are malloc'd one by one, because one that is displaced
 * by an earlier one must be given back. */
struct fw_diags {
    struct fw_arena arena;
    struct fw_diag **v; /* always sorted */
    size_t n;
    struct kind **table; /* open addressing by (id, path); size is a power of two */
    size_t table_size;
    size_t kinds;
    uint64_t totals[FW_DIAG_ERROR + 1];
    struct fw_diag overflow; /* in v as soon as something was not kept for want of room */
};

#define FW_DIAG(name, severity, what) {#name, what, FW_DIAG_##severity},
static const struct {
    const char *name;
    const char *what;
    enum fw_severity_diag severity;
} known[FW_DIAG_ID_COUNT] = {
#include "core/diag.def"
};
#undef FW_DIAG

static const char *const severity_names[] = {"note", "warning", "error"};
static const char *const severity_colors[] = {"\x1b[1;36m", "\x1b[1;35m", "\x1b[1;31m"};
#define COLOR_BOLD "\x1b[1m"
#define COLOR_CARET "\x1b[1;32m"
#define COLOR_OFF "\x1b[0m"

static char names[FW_DIAG_ID_COUNT][NAME_BYTES];
static pthread_once_t names_once = PTHREAD_ONCE_INIT;

static void names_fill(void)
{
    for (size_t i = 0; i < FW_DIAG_ID_COUNT; i++) {
        assert(strlen(known[i].name) < NAME_BYTES);
        for (size_t j = 0; known[i].name[j]; j++) {
            names[i][j] = known[i].name[j] == '_' ? '-' : fw_lower(known[i].name[j]);
        }
    }
}

const char *fw_diag_name(enum fw_diag_id id)
{
    assert(id < FW_DIAG_ID_COUNT);
    pthread_once(&names_once, names_fill);
    return names[id];
}

const char *fw_diag_what(enum fw_diag_id id)
{
    assert(id < FW_DIAG_ID_COUNT);
    return known[id].what;
}

struct fw_diags *fw_diags_new(void)
{
    struct fw_diags *diags = calloc(1, sizeof(*diags));
    if (diags) {
        fw_arena_init(&diags->arena, 0);
    }
    return diags;
}

void fw_diags_free(struct fw_diags *diags)
{
    if (diags) {
        for (size_t i = 0; i < diags->n; i++) {
            if (diags->v[i] != &diags->overflow) {
                free(diags->v[i]);
            }
        }
        fw_arena_clear(&diags->arena);
        free(diags);
    }
}

static struct kind **kind_slot(const struct fw_diags *diags, enum fw_diag_id id, fw_sv path)
{
    size_t mask = diags->table_size - 1;
    size_t at = (size_t)(fw_sv_hash(path) + (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15)) & mask;
    while (diags->table[at] &&
           (diags->table[at]->id != id || !fw_sv_eq(diags->table[at]->path, path))) {
        at = (at + 1) & mask;
    }
    return &diags->table[at];
}

static void table_grow(struct fw_diags *diags)
{
    size_t old_size = diags->table_size;
    struct kind **old = diags->table;
    diags->table_size = old_size ? old_size * 2 : 16;
    diags->table = fw_new_array(&diags->arena, diags->table_size, struct kind *);
    for (size_t i = 0; i < old_size; i++) {
        if (old[i]) {
            *kind_slot(diags, old[i]->id, old[i]->path) = old[i];
        }
    }
}

/* The kind, made when it is new; NULL when there are too many. */
static struct kind *kind_get(struct fw_diags *diags, enum fw_diag_id id, fw_sv path)
{
    if (diags->kinds * 2 >= diags->table_size) {
        table_grow(diags);
    }
    struct kind **slot = kind_slot(diags, id, path);
    if (!*slot && diags->kinds < FW_LIMIT_DIAG_KINDS) {
        *slot = fw_new(&diags->arena, struct kind);
        **slot = (struct kind){.id = id, .path = fw_arena_copy(&diags->arena, path)};
        diags->kinds++;
    }
    return *slot;
}

static int diag_cmp(const struct fw_diag *a, const struct fw_diag *b)
{
    int order = fw_sv_cmp(a->path, b->path);
    if (order == 0) {
        order = (a->span.line > b->span.line) - (a->span.line < b->span.line);
    }
    if (order == 0) {
        order = (a->column > b->column) - (a->column < b->column);
    }
    if (order == 0) {
        order = (a->id > b->id) - (a->id < b->id);
    }
    return order != 0 ? order : fw_sv_cmp(a->message, b->message);
}

/* Where diag belongs: after everything that is not greater. Most reports of a file come in order,
 * so the end is looked at first. */
static size_t place_of(struct fw_diag *const *v, size_t n, const struct fw_diag *diag)
{
    size_t at;
    if (n > 0 && diag_cmp(v[n - 1], diag) <= 0) {
        return n;
    }
    FW_SEARCH(at, n, diag_cmp(v[at], diag) <= 0);
    return at;
}

static void list_insert(struct fw_diags *diags, struct fw_diag *diag)
{
    size_t at = place_of(diags->v, diags->n, diag);
    diags->v = fw_arena_push(&diags->arena, diags->v, diags->n, sizeof(*diags->v));
    memmove(&diags->v[at + 1], &diags->v[at], (diags->n - at) * sizeof(*diags->v));
    diags->v[at] = diag;
    diags->n++;
}

/* Overwrites the slot of a displaced diagnostic, so that the list does not grow. */
static void list_remove(struct fw_diags *diags, const struct fw_diag *diag)
{
    size_t at = place_of(diags->v, diags->n, diag);
    while (diags->v[at - 1] != diag) {
        at--;
    }
    memmove(&diags->v[at - 1], &diags->v[at], (diags->n - at) * sizeof(*diags->v));
    diags->n--;
}

static void count_overflow(struct fw_diags *diags, uint64_t count)
{
    struct fw_diag *diag = &diags->overflow;
    if (diag->repeats == 0) {
        diag->id = FW_DIAG_ID_LIMIT_REACHED;
        diag->path = FW_SV("");
        diag->message = fw_arena_printf(
            &diags->arena, "more than %d kinds of diagnostics (DIAG_KINDS); others are counted",
            (int)FW_LIMIT_DIAG_KINDS);
        list_insert(diags, diag);
    }
    diag->repeats += count;
}

/* Cuts between code points, so that the quote does not end in half of one. */
static fw_sv cut(fw_sv text, size_t limit)
{
    if (text.n <= limit) {
        return text;
    }
    size_t n = limit;
    while (n > 0 && limit - n < 3 && ((unsigned char)text.p[n] & 0xc0u) == 0x80u) {
        n--;
    }
    return fw_sv_of(text.p, n);
}

static struct fw_diag *entry_new(fw_sv path, const struct fw_diag *from)
{
    fw_sv line = cut(from->line_text, LINE_KEPT);
    fw_sv message = cut(from->message, MESSAGE_KEPT);
    struct entry *entry = malloc(sizeof(*entry) + message.n + line.n);
    if (!entry) {
        return NULL;
    }
    entry->diag = *from;
    entry->diag.path = path;
    entry->diag.repeats = 0;
    entry->diag.message = fw_sv_of(entry->text, message.n);
    if (message.n > 0) {
        memcpy(entry->text, message.p, message.n);
    }
    if (line.p) {
        memcpy(entry->text + message.n, line.p, line.n);
        entry->diag.line_text = fw_sv_of(entry->text + message.n, line.n);
    }
    return &entry->diag;
}

/* Keeps the first examples in printing order, not in reporting order: then neither the order in
 * which a parser finds things nor the order of merging shows. */
static void kind_add(struct fw_diags *diags, struct kind *kind, const struct fw_diag *from)
{
    bool full = kind->kept == FW_LIMIT_DIAG_EXAMPLES;
    struct fw_diag *diag = NULL;
    if (!full || diag_cmp(from, kind->v[kind->kept - 1]) < 0) {
        diag = entry_new(kind->path, from);
    }
    if (!diag) {
        if (kind->kept == 0) {
            count_overflow(diags, 1);
        } else {
            kind->repeats++;
            kind->v[kind->kept - 1]->repeats = kind->repeats;
        }
        return;
    }
    if (full) {
        list_remove(diags, kind->v[kind->kept - 1]);
        free(kind->v[kind->kept - 1]);
        kind->kept--;
        kind->repeats++;
    } else if (kind->kept > 0) {
        kind->v[kind->kept - 1]->repeats = 0;
    }
    size_t at = place_of(kind->v, kind->kept, diag);
    memmove(&kind->v[at + 1], &kind->v[at], (kind->kept - at) * sizeof(kind->v[0]));
    kind->v[at] = diag;
    kind->kept++;
    kind->v[kind->kept - 1]->repeats = kind->repeats;
    list_insert(diags, diag);
}

void fw_diag_vreport(struct fw_diags *diags, enum fw_diag_id id, fw_sv path, fw_span span,
                     fw_sv line_text, uint32_t column, const char *fmt, va_list ap)
{
    assert(id < FW_DIAG_ID_COUNT);
    diags->totals[known[id].severity]++;
    struct kind *kind = kind_get(diags, id, path);
    if (!kind) {
        count_overflow(diags, 1);
        return;
    }
    /* A log of nothing but bad lines comes here for each: do not format what is only counted. */
    if (kind->kept == FW_LIMIT_DIAG_EXAMPLES && span.line > kind->v[kind->kept - 1]->span.line) {
        kind->repeats++;
        kind->v[kind->kept - 1]->repeats = kind->repeats;
        return;
    }
    char message[MESSAGE_KEPT + 4];
    if (vsnprintf(message, sizeof(message), fmt, ap) < 0) {
        message[0] = '\0';
    }
    struct fw_diag diag = {
        .id = id,
        .path = path,
        .span = span,
        .message = fw_sv_from(message),
        .line_text = line_text,
        .column = column,
    };
    kind_add(diags, kind, &diag);
}

void fw_diag_report(struct fw_diags *diags, enum fw_diag_id id, fw_sv path, fw_span span,
                    fw_sv line_text, uint32_t column, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fw_diag_vreport(diags, id, path, span, line_text, column, fmt, ap);
    va_end(ap);
}

void fw_diags_merge(struct fw_diags *into, const struct fw_diags *from)
{
    for (size_t i = 0; i < FW_DIAG_ERROR + 1; i++) {
        into->totals[i] += from->totals[i];
    }
    for (size_t i = 0; i < from->n; i++) {
        const struct fw_diag *diag = from->v[i];
        if (diag == &from->overflow) {
            count_overflow(into, diag->repeats);
            continue;
        }
        struct kind *kind = kind_get(into, diag->id, diag->path);
        if (!kind) {
            count_overflow(into, diag->repeats + 1);
            continue;
        }
        kind_add(into, kind, diag);
        if (diag->repeats > 0 && kind->kept > 0) {
            kind->repeats += diag->repeats;
            kind->v[kind->kept - 1]->repeats = kind->repeats;
        }
    }
}

uint64_t fw_diags_total(const struct fw_diags *diags, enum fw_severity_diag at_least)
{
    uint64_t total = 0;
    for (size_t i = at_least; i < FW_DIAG_ERROR + 1; i++) {
        total += diags->totals[i];
    }
    return total;
}

size_t fw_diags_count(const struct fw_diags *diags)
{
    return diags->n;
}

const struct fw_diag *fw_diags_at(const struct fw_diags *diags, size_t index)
{
    assert(index < diags->n);
    return diags->v[index];
}

/* The quoted line in cells: a tab is one blank, everything else as fw_text_safe shows it. */
struct quote {
    struct fw_buf text;
    size_t caret; /* cells before it */
    size_t under; /* cells it covers */
};

static void quote_add(struct fw_buf *buf, fw_sv text)
{
    for (size_t i = 0; i < text.n;) {
        size_t n = 0;
        while (i + n < text.n && text.p[i + n] != '\t') {
            n++;
        }
        fw_text_safe(buf, fw_sv_of(text.p + i, n));
        i += n;
        if (i < text.n) {
            fw_buf_add_char(buf, ' ');
            i++;
        }
    }
}

static size_t cells_of(fw_sv text)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    quote_add(&buf, text);
    size_t cells = fw_text_width(fw_buf_sv(&buf));
    fw_buf_clear(&buf);
    return cells;
}

static void quote_make(struct quote *quote, const struct fw_diag *diag)
{
    fw_sv line = diag->line_text;
    size_t at = diag->column > 0 ? diag->column - 1 : 0;
    fw_sv before = fw_sv_sub(line, 0, at);
    fw_sv under = fw_sv_sub(line, at, diag->span.length > 0 ? diag->span.length : 1);
    bool moved = false;
    while (cells_of(before) > QUOTE_BEFORE) {
        fw_utf8_next(&before);
        moved = true;
    }
    struct fw_buf shown;
    fw_buf_init(&shown);
    quote_add(&shown, fw_sv_of(before.p, line.n - (size_t)(before.p - line.p)));
    fw_buf_add_cstr(&quote->text, moved ? "\xe2\x80\xa6" : "");
    fw_text_fit(&quote->text, fw_buf_sv(&shown), QUOTE_CELLS);
    fw_buf_clear(&shown);
    quote->caret = cells_of(before) + (moved ? 1 : 0);
    size_t width = fw_text_width(fw_buf_sv(&quote->text));
    size_t room = width > quote->caret ? width - quote->caret : 1;
    quote->under = cells_of(under);
    quote->under = quote->under > room ? room : quote->under;
}

static void place_put(struct fw_buf *buf, const struct fw_diag *diag)
{
    if (diag->path.n == 0) {
        fw_buf_add_cstr(buf, "fwproof: ");
        return;
    }
    fw_text_safe(buf, diag->path);
    if (diag->span.line > 0) {
        fw_buf_printf(buf, ":%" PRIu32, diag->span.line);
    }
    if (diag->span.line > 0 && diag->column > 0) {
        fw_sv before = fw_sv_sub(diag->line_text, 0, diag->column - 1);
        size_t cells = diag->line_text.p ? cells_of(before) : diag->column - 1;
        fw_buf_printf(buf, ":%zu", cells + 1);
    }
    fw_buf_add_cstr(buf, ": ");
}

static void quote_put(struct fw_buf *buf, const struct fw_diag *diag, bool color)
{
    struct quote quote = {0};
    fw_buf_init(&quote.text);
    quote_make(&quote, diag);
    fw_buf_add_cstr(buf, "    ");
    fw_buf_add(buf, fw_buf_sv(&quote.text));
    fw_buf_add_char(buf, '\n');
    if (diag->column > 0 && diag->column <= diag->line_text.n + 1) {
        fw_buf_add_cstr(buf, "    ");
        fw_buf_add_repeat(buf, " ", quote.caret);
        fw_buf_add_cstr(buf, color ? COLOR_CARET : "");
        fw_buf_add_char(buf, '^');
        fw_buf_add_repeat(buf, "~", quote.under > 1 ? quote.under - 1 : 0);
        fw_buf_add_cstr(buf, color ? COLOR_OFF : "");
        fw_buf_add_char(buf, '\n');
    }
    fw_buf_clear(&quote.text);
}

static void diag_put(struct fw_buf *buf, const struct fw_diag *diag, bool color)
{
    enum fw_severity_diag severity = known[diag->id].severity;
    fw_buf_add_cstr(buf, color ? COLOR_BOLD : "");
    place_put(buf, diag);
    fw_buf_add_cstr(buf, color ? severity_colors[severity] : "");
    fw_buf_printf(buf, "%s: ", severity_names[severity]);
    fw_buf_add_cstr(buf, color ? COLOR_OFF : "");
    fw_text_safe(buf, diag->message);
    fw_buf_printf(buf, " [%s]\n", fw_diag_name(diag->id));
    if (diag->line_text.n > 0) {
        quote_put(buf, diag, color);
    }
    if (diag->repeats > 0) {
        fw_buf_add_cstr(buf, "    \xe2\x80\xa6 and ");
        fw_buf_printf(buf, "%" PRIu64 " more [%s]", diag->repeats, fw_diag_name(diag->id));
        if (diag->path.n > 0) {
            fw_buf_add_cstr(buf, " in ");
            fw_text_safe(buf, diag->path);
        }
        fw_buf_add_char(buf, '\n');
    }
}

void fw_diags_print(const struct fw_diags *diags, FILE *out, bool color)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (size_t i = 0; i < diags->n; i++) {
        fw_buf_reset(&buf);
        diag_put(&buf, diags->v[i], color);
        fwrite(buf.p, 1, buf.n, out);
    }
    fw_buf_clear(&buf);
}

void fw_diags_json(const struct fw_diags *diags, struct fw_json *json)
{
    fw_json_array(json);
    for (size_t i = 0; i < diags->n; i++) {
        const struct fw_diag *diag = diags->v[i];
        fw_json_object(json);
        fw_json_kv_cstr(json, "id", fw_diag_name(diag->id));
        fw_json_kv_cstr(json, "severity", severity_names[known[diag->id].severity]);
        fw_json_kv(json, "path", diag->path);
        fw_json_kv_u64(json, "line", diag->span.line);
        fw_json_kv_u64(json, "column", diag->column);
        fw_json_kv(json, "message", diag->message);
        fw_json_kv_u64(json, "repeats", diag->repeats);
        fw_json_end(json);
    }
    fw_json_end(json);
}
