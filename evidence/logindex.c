/* Which log files were read, and does what a pack says of them add up? */
#include "evidence/logindex.h"

#include <inttypes.h>

#include "core/merkle.h"
#include "core/time.h"
#include "evidence/cells.h"
#include "evidence/custody.h"
#include "evidence/layout.h"

static const char header[] =
    "path\tdevice\tformat\tstored_bytes\tdecoded_bytes\tlines\tused\tignored\tunsupported\tbad\t"
    "container\tintegrity\tsha256\tfirst\tlast\tfirst_day\tdays\tlines_root\n";

enum column {
    PATH,
    DEVICE,
    FORMAT,
    STORED,
    DECODED,
    LINES,
    USED,
    IGNORED,
    UNSUPPORTED,
    BAD,
    CONTAINER,
    INTEGRITY,
    HASH,
    FIRST,
    LAST,
    FIRST_DAY,
    DAYS,
    ROOT,
    COLUMNS
};

static void number(struct fw_buf *out, uint64_t value)
{
    fw_buf_printf(out, "\t%" PRIu64, value);
}

static void hash(struct fw_buf *out, fw_sha256 value)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(value, hex);
    fw_buf_printf(out, "\t%s", hex);
}

static void add_days(const struct fw_file_days *days, struct fw_buf *out)
{
    if (!days->has_time) {
        fw_buf_add_cstr(out, "\t\t\t\t");
        return;
    }
    fw_buf_add_char(out, '\t');
    fw_time_text(out, days->first_ns);
    fw_buf_add_char(out, '\t');
    fw_time_text(out, days->last_ns);
    fw_buf_add_char(out, '\t');
    fw_date_text(out, fw_date_from_days(days->first_day));
    fw_buf_add_char(out, '\t');
    for (size_t i = 0; i < days->ndays; i++) {
        fw_buf_add_char(out, days->days[i] ? '1' : '0');
    }
}

void fw_log_index_text(const struct fw_inputs *inputs, struct fw_buf *out)
{
    fw_buf_add_cstr(out, header);
    for (size_t i = 0; i < inputs->n; i++) {
        const struct fw_input *input = &inputs->v[i];
        if (input->role != FW_INPUT_LOG || input->missing) {
            continue;
        }
        fw_custody_path(out, input->path);
        fw_custody_cell(out, input->device);
        fw_custody_cell(out, fw_sv_from(input->format));
        number(out, input->info.stored_bytes);
        number(out, input->info.decoded_bytes);
        number(out, input->lines.total);
        number(out, input->lines.used);
        number(out, input->lines.ignored);
        number(out, input->lines.unsupported);
        number(out, input->lines.bad);
        fw_custody_cell(out, fw_sv_from(fw_container_name(input->info.container)));
        fw_custody_cell(out, fw_sv_from(fw_integrity_name(input->info.integrity)));
        hash(out, input->info.sha256);
        add_days(&input->days, out);
        hash(out, input->info.lines_root);
        fw_buf_add_char(out, '\n');
    }
}

/* One spelling: no leading zero, and few enough digits for a shell to count with. */
static bool count(fw_sv text, uint64_t *ret)
{
    return text.n > 0 && text.n <= 18 && (text.n == 1 || text.p[0] != '0') && fw_sv_u64(text, ret);
}

static bool days_valid(const fw_sv *cells)
{
    for (size_t i = 0; i < cells[DAYS].n; i++) {
        if (cells[DAYS].p[i] != '0' && cells[DAYS].p[i] != '1') {
            return false;
        }
    }
    bool has = cells[DAYS].n > 0;
    /* From the first event's day to the last one's: both have events. */
    return (cells[FIRST].n > 0) == has && (cells[LAST].n > 0) == has &&
           (cells[FIRST_DAY].n > 0) == has &&
           (!has || (cells[DAYS].p[0] == '1' && cells[DAYS].p[cells[DAYS].n - 1] == '1'));
}

static const char *read_row(fw_sv line, struct fw_log_row *ret)
{
    fw_sv cells[COLUMNS];
    uint64_t part[4], sum = 0;
    if (!fw_cells_printable(line) || !fw_cells_cut(line, COLUMNS, cells)) {
        return "does not have the columns of the index";
    }
    *ret = (struct fw_log_row){
        .text = line,
        .path = cells[PATH],
        .device = cells[DEVICE],
        .format = cells[FORMAT],
        .container = cells[CONTAINER],
        .integrity = cells[INTEGRITY],
        .last = cells[LAST],
    };
    if (!count(cells[STORED], &ret->stored_bytes) || !count(cells[DECODED], &ret->decoded_bytes) ||
        !count(cells[LINES], &ret->lines) || !fw_sha256_parse(cells[HASH], &ret->sha256) ||
        !fw_sha256_parse(cells[ROOT], &ret->lines_root)) {
        return "has something else where a number or a hash should be";
    }
    for (size_t i = 0; i < 4; i++) {
        if (!count(cells[USED + i], &part[i]) || part[i] > ret->lines) {
            return "has line counts that do not add up";
        }
        sum += part[i];
    }
    if (sum != ret->lines) {
        return "has line counts that do not add up";
    }
    return days_valid(cells) ? NULL : "has days that do not fit its first and last event";
}

bool fw_log_index_parse(fw_sv text, struct fw_arena *arena, struct fw_log_index *ret,
                        struct fw_buf *why)
{
    struct fw_log_index index = {0};
    struct fw_merkle tree = {0};
    fw_sv line;
    if (!fw_sv_starts(text, header)) {
        fw_buf_add_cstr(why, FW_PACK_LOG_INDEX " does not begin with its header");
        return false;
    }
    text = fw_sv_sub(text, sizeof(header) - 1, text.n);
    while (fw_cells_line(&text, &line)) {
        struct fw_log_row row;
        const char *wrong = read_row(line, &row);
        if (wrong) {
            fw_buf_printf(why, FW_PACK_LOG_INDEX " line %zu %s", index.n + 2, wrong);
            return false;
        }
        index.v = fw_arena_push(arena, index.v, index.n, sizeof(*index.v));
        index.v[index.n++] = row;
        fw_merkle_add(&tree, fw_merkle_leaf(line));
    }
    if (text.n > 0) {
        fw_buf_add_cstr(why, FW_PACK_LOG_INDEX " does not end with a newline");
        return false;
    }
    index.root = fw_merkle_root(&tree);
    *ret = index;
    return true;
}

static void root_text(size_t n, fw_sha256 root, struct fw_buf *out)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(root, hex);
    fw_buf_printf(out, "files\troot\n%zu\t%s\n", n, hex);
}

void fw_log_root_text(fw_sv index, struct fw_buf *out)
{
    struct fw_merkle tree = {0};
    fw_sv line;
    (void)fw_cells_line(&index, &line); /* the header */
    while (fw_cells_line(&index, &line)) {
        fw_merkle_add(&tree, fw_merkle_leaf(line));
    }
    size_t n = (size_t)tree.n;
    root_text(n, fw_merkle_root(&tree), out);
}

static bool same_log(const struct fw_log_row *row, const struct fw_custody_row *custody)
{
    static const struct {
        enum fw_custody_column custody;
        enum column index;
    } pairs[] = {
        {FW_CUSTODY_PATH, PATH},           {FW_CUSTODY_DEVICE, DEVICE},
        {FW_CUSTODY_FORMAT, FORMAT},       {FW_CUSTODY_HASH, HASH},
        {FW_CUSTODY_BYTES, STORED},        {FW_CUSTODY_DECODED, DECODED},
        {FW_CUSTODY_LINES, LINES},         {FW_CUSTODY_CONTAINER, CONTAINER},
        {FW_CUSTODY_INTEGRITY, INTEGRITY},
    };
    fw_sv cells[COLUMNS];
    bool same = fw_cells_cut(row->text, COLUMNS, cells);
    for (size_t i = 0; same && i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        same = fw_sv_eq(custody->cells[pairs[i].custody], cells[pairs[i].index]);
    }
    return same;
}

bool fw_log_index_check(fw_sv index, fw_sv root, fw_sv custody, struct fw_arena *arena,
                        struct fw_log_index *ret, struct fw_buf *why)
{
    struct fw_buf want;
    size_t next = 0;
    if (!fw_log_index_parse(index, arena, ret, why)) {
        return false;
    }
    fw_buf_init(&want);
    root_text(ret->n, ret->root, &want);
    bool same = fw_sv_eq(fw_buf_sv(&want), root);
    fw_buf_clear(&want);
    if (!same) {
        fw_buf_add_cstr(why, FW_PACK_LOG_ROOT " is not the root over " FW_PACK_LOG_INDEX);
        return false;
    }
    struct fw_custody_rows rows;
    if (!fw_custody_parse(custody, arena, &rows)) {
        fw_buf_add_cstr(why, FW_PACK_CUSTODY " is not as it is written");
        return false;
    }
    for (size_t i = 0; same && i < rows.n; i++) {
        if (fw_sv_is(rows.v[i].cells[FW_CUSTODY_KIND], "log")) {
            same = next < ret->n && same_log(&ret->v[next++], &rows.v[i]);
        }
    }
    if (!same || next != ret->n) {
        fw_buf_add_cstr(why, FW_PACK_LOG_INDEX " and data/custody.tsv name different logs");
    }
    return same && next == ret->n;
}
