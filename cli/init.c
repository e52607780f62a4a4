/* init: a first site file from a folder of configurations and logs. */
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/detect.h"
#include "core/charset.h"
#include "core/file.h"
#include "core/json.h"
#include "core/source.h"
#include "core/time.h"
#include "core/walk.h"

#define PACKS "packs"

/* A file that some parser knows. */
struct found {
    fw_sv path;   /* below the folder */
    fw_sv device; /* whose it probably is */
    const struct fw_parser *parser;
};

struct draft {
    struct fw_cli *cli;
    fw_sv dir;
    size_t n, unknown;
    struct found *v; /* by device, then path */
};

/* Up to the first digit run that is a date, a dot, or the end: "fw01-2026-06-30.cfg" is fw01's. */
static fw_sv stem_of(fw_sv path)
{
    fw_sv name = fw_path_name(path);
    size_t n = 0, digits = 0;
    while (n < name.n && name.p[n] != '.') {
        digits = fw_is_digit(name.p[n]) ? digits + 1 : 0;
        n++;
        if (digits == 4 && (fw_sv_starts(fw_sv_sub(name, n - 4, 2), "20"))) {
            n -= 4;
            break;
        }
    }
    while (n > 1 && memchr("-_.", name.p[n - 1], 3)) {
        n--;
    }
    return n > 0 ? fw_sv_sub(name, 0, n) : name;
}

/* Logs are a device's when they lie in a folder of its name, or carry it: else the folder's. */
static fw_sv log_owner(const struct draft *draft, fw_sv path)
{
    fw_sv folder = fw_path_name(fw_path_dir(path)), stem = stem_of(path);
    for (size_t i = 0; i < draft->n; i++) {
        const struct found *other = &draft->v[i];
        if (other->parser->kind == FW_PARSER_RULESET &&
            (fw_sv_eq(other->device, folder) || fw_sv_eq(other->device, stem))) {
            return other->device;
        }
    }
    return fw_path_dir(path).n > 0 && folder.n > 0 && !fw_sv_is(folder, ".") ? folder : stem;
}

/* Rules and settings of an IDS belong to the sensor whose alerts are there. */
static fw_sv sensor_owner(const struct draft *draft, const struct found *rules)
{
    bool suricata = fw_sv_find(rules->path, FW_SV("suricata")) != SIZE_MAX ||
                    fw_sv_starts(fw_sv_from(rules->parser->name), "suricata");
    const char *engine = suricata ? "suricata" : "snort";
    for (size_t i = 0; i < draft->n; i++) {
        const struct found *other = &draft->v[i];
        if (other->parser->kind == FW_PARSER_LOG &&
            fw_sv_starts(fw_sv_from(other->parser->name), engine)) {
            return log_owner(draft, other->path);
        }
    }
    return fw_sv_from(engine);
}

static void look_at(struct draft *draft, fw_sv path)
{
    struct fw_arena *arena = &draft->cli->arena;
    struct fw_source *source;
    struct fw_decoded decoded;
    const struct fw_parser *best = NULL;
    int most = 0;
    if (fw_source_open(fw_arena_cstr(arena, path), &source) != FW_OK) {
        draft->unknown++;
        return;
    }
    fw_charset_decode(arena, fw_source_peek(source, FW_CLI_DETECT_BYTES), &decoded);
    for (size_t i = 0; fw_parsers[i]; i++) {
        int bid = fw_parsers[i]->kind == FW_PARSER_IDSRULES
                      ? 0
                      : fw_cli_bid(fw_parsers[i], decoded.text);
        if (bid > most) {
            most = bid;
            best = fw_parsers[i];
        }
    }
    int ids = 0;
    const struct fw_parser *rules = fw_idsrules_detect(path, decoded.text, &ids);
    bool list = fw_sv_ends(path, ".csv"); /* a register of people's */
    best = rules && ids > most && !list ? rules : best;
    fw_source_free(source);
    if (!best) {
        draft->unknown++;
        return;
    }
    draft->v = fw_arena_push(arena, draft->v, draft->n, sizeof(*draft->v));
    draft->v[draft->n++] = (struct found){
        .path = fw_path_below(draft->dir, path), .device = stem_of(path), .parser = best};
}

static int by_device(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    int order = fw_sv_cmp(a->device, b->device);
    return order != 0 ? order : fw_sv_cmp_natural(a->path, b->path);
}

/* The draft says that packs lie there: what is sealed in them is no configuration of a device. */
static bool is_packed(const struct draft *draft, fw_sv path)
{
    return fw_sv_starts(fw_path_below(draft->dir, path), PACKS "/");
}

static bool find_files(struct draft *draft)
{
    struct fw_cli *cli = draft->cli;
    struct fw_paths paths = {0};
    uint64_t missing = 0;
    if (fw_walk(&cli->arena, cli->operands, 1, cli->diags, &paths, &missing) != FW_OK ||
        missing > 0) {
        return false;
    }
    for (size_t i = 0; i < paths.n; i++) {
        if (!is_packed(draft, paths.v[i])) {
            look_at(draft, paths.v[i]);
        }
    }
    for (size_t i = 0; i < draft->n; i++) {
        struct found *found = &draft->v[i];
        if (found->parser->kind == FW_PARSER_LOG) {
            found->device = log_owner(draft, found->path);
        } else if (found->parser->kind == FW_PARSER_IDSRULES) {
            found->device = sensor_owner(draft, found);
        }
    }
    if (draft->n > 0) {
        qsort(draft->v, draft->n, sizeof(*draft->v), by_device);
    }
    return true;
}

static void quote(struct fw_buf *out, fw_sv text)
{
    struct fw_json json;
    fw_json_init(&json, out, 0);
    fw_json_string(&json, text);
}

/* A name as a pattern that only it fits. A configuration without wildcards is no pattern. */
static fw_sv literally(struct fw_arena *arena, fw_sv text, bool pattern)
{
    struct fw_buf out;
    fw_buf_init(&out);
    for (size_t i = 0; i < text.n; i++) {
        pattern = pattern || memchr("*?[", text.p[i], 3);
    }
    for (size_t i = 0; i < text.n; i++) {
        fw_buf_add_cstr(&out, pattern && memchr("*?[\\", text.p[i], 4) ? "\\" : "");
        fw_buf_add_char(&out, text.p[i]);
    }
    return fw_buf_keep(&out, arena);
}

/* The files of one kind that a device has. Logs go by folder, so that next month's count too. */
static void add_files(struct draft *draft, struct fw_buf *out, size_t from, size_t to,
                      enum fw_parser_kind kind, const char *key)
{
    size_t n = 0;
    fw_sv last = {0};
    for (size_t i = from; i < to; i++) {
        const struct found *found = &draft->v[i];
        if (found->parser->kind != kind) {
            continue;
        }
        struct fw_arena *arena = &draft->cli->arena;
        fw_sv path = literally(arena, found->path, kind != FW_PARSER_RULESET);
        if (kind == FW_PARSER_LOG) {
            fw_sv folder = fw_path_dir(found->path);
            bool below = folder.n > 0 && !fw_sv_is(folder, ".");
            folder = literally(arena, folder, true);
            fw_sv stem = literally(arena, stem_of(found->path), true);
            path = fw_arena_printf(arena, "%.*s%s%.*s*", FW_SV_ARG(below ? folder : FW_SV("")),
                                   below ? "/" : "", FW_SV_ARG(stem));
        }
        if (last.p && fw_sv_eq(path, last)) {
            continue;
        }
        last = path;
        fw_buf_printf(out, n++ == 0 ? ",\n      \"%s\": [" : ", ", key);
        quote(out, path);
    }
    fw_buf_add_cstr(out, n > 0 ? "]" : "");
}

static void add_device(struct draft *draft, struct fw_buf *out, size_t from, size_t to)
{
    bool config = false, sensor = false;
    const char *formats = "";
    for (size_t i = from; i < to; i++) {
        const struct fw_parser *parser = draft->v[i].parser;
        config = config || parser->kind == FW_PARSER_RULESET;
        fw_sv name = fw_sv_from(parser->name);
        sensor = sensor || parser->kind == FW_PARSER_IDSRULES || fw_sv_starts(name, "snort") ||
                 fw_sv_starts(name, "suricata") || fw_sv_starts(name, "unified2");
        formats = parser->kind == FW_PARSER_RULESET || formats[0] == '\0' ? parser->name : formats;
    }
    fw_buf_printf(
        out,
        "    // read as %s; owner and model are for the report\n    {\n      \"name\": ", formats);
    quote(out, draft->v[from].device);
    fw_buf_printf(out, ",\n      \"kind\": \"%s\"", config ? "firewall" : sensor ? "ids" : "other");
    add_files(draft, out, from, to, FW_PARSER_RULESET, "config");
    add_files(draft, out, from, to, FW_PARSER_IDSRULES, "rules");
    add_files(draft, out, from, to, FW_PARSER_CLOCK, "clock");
    add_files(draft, out, from, to, FW_PARSER_LOG, "logs");
    fw_buf_add_cstr(out, "\n    }");
}

static void write_draft(struct draft *draft, int64_t as_of_ns, struct fw_buf *out)
{
    /* The quarter that has ended by then. */
    const int64_t day_ns = INT64_C(86400) * FW_NS_PER_SEC;
    struct fw_date date = fw_date_of(as_of_ns, 0);
    struct fw_date quarter = fw_date_add_months(fw_date_of(as_of_ns + day_ns, 0), -3);
    fw_buf_add_cstr(out,
                    "// A draft: what fwproof found. Every key is described in docs/site-file.md.\n"
                    "{\n  // who is reviewed\n  \"agency\": {\"name\": ");
    fw_sv name = fw_path_name(draft->dir);
    quote(out, name.n > 0 && !fw_sv_is(name, ".") ? name : FW_SV("agency"));
    fw_buf_add_cstr(out,
                    "},\n  // the period that is reviewed, and the day its figures count from\n");
    fw_buf_printf(out, "  \"period\": {\"name\": \"%dQ%d\"},\n  \"as_of\": \"", (int)quarter.year,
                  (quarter.month + 2) / 3);
    fw_date_text(out, date);
    fw_buf_add_cstr(out,
                    "\",\n"
                    "  // zone of dates in logs that do not say one: Asia/Taipei, +08:00, UTC\n"
                    "  // \"timezone\": \"Asia/Taipei\",\n"
                    "  // which law counts: fwproof help review names the profiles\n"
                    "  // \"profile\": \"tw-gov-115\",\n"
                    "  \"retention_months\": 6,\n  \"review_months\": 3,\n"
                    "  // what lies behind which interface; without it exposure stays open\n"
                    "  // \"zones\": [{\"name\": \"internet\", \"trust\": \"untrusted\", "
                    "\"interfaces\": [\"fw01:outside\"]}],\n"
                    "  // designated resolvers and time servers\n"
                    "  // \"dns\": [\"10.0.0.53\"], \"ntp\": [\"10.0.0.123\"],\n"
                    "  // what was decided (fwproof decide), and the packs of earlier reviews\n"
                    "  \"decisions\": \"records/decisions.csv\",\n  \"reviews\": \"" PACKS "\",\n"
                    "  \"devices\": [\n");
    for (size_t from = 0, to; from < draft->n; from = to) {
        for (to = from; to < draft->n && fw_sv_eq(draft->v[to].device, draft->v[from].device);) {
            to++;
        }
        fw_buf_add_cstr(out, from > 0 ? ",\n" : "");
        add_device(draft, out, from, to);
    }
    fw_buf_add_cstr(out, "\n  ]\n}\n");
}

static int run(struct fw_cli *cli)
{
    struct draft draft = {.cli = cli, .dir = fw_sv_from(cli->operands[0])};
    bool given;
    int64_t as_of_ns;
    while (draft.dir.n > 1 && draft.dir.p[draft.dir.n - 1] == '/') {
        draft.dir.n--;
    }
    if (!fw_cli_as_of(cli, 0, &given, &as_of_ns)) {
        return FW_EXIT_ERROR;
    }
    if (!given) {
        return fw_cli_fail(cli, "say which day the review counts from: --as-of 2026-07-05");
    }
    if (!fw_dir_exists(cli->operands[0]) || !find_files(&draft)) {
        return fw_cli_fail(cli, "%s is no folder that can be read", cli->operands[0]);
    }
    if (draft.n == 0) {
        return fw_cli_fail(cli, "%s holds nothing that fwproof reads: see fwproof formats",
                           cli->operands[0]);
    }
    const char *out = cli->value[FW_OPT_OUT];
    fw_sv site = out ? fw_sv_from(out) : fw_path_join(&cli->arena, draft.dir, FW_SV("site.json"));
    struct fw_buf text;
    fw_buf_init(&text);
    write_draft(&draft, as_of_ns, &text);
    enum fw_err err = fw_buf_ok(&text)
                          ? fw_file_write_new(fw_arena_cstr(&cli->arena, site), fw_buf_sv(&text))
                          : FW_ERR_MEMORY;
    fw_buf_clear(&text);
    if (err != FW_OK) {
        return fw_cli_fail(cli, "%.*s: %s", FW_SV_ARG(site),
                           err == FW_ERR_EXISTS ? "is there already and is not overwritten"
                                                : fw_err_text(err));
    }
    printf("wrote %.*s: %zu files recognised, %zu not\n"
           "read it, name the zones, then: fwproof review %.*s\n",
           FW_SV_ARG(site), draft.n, draft.unknown, FW_SV_ARG(site));
    return FW_EXIT_OK;
}

const struct fw_command fw_command_init = {
    .name = "init",
    .arguments = "DIR --as-of DAY",
    .summary = "Draft a site file from a folder of configurations and logs",
    .detail =
        "Every file below DIR is looked at; what is recognised becomes a device of the draft,\n"
        "DIR/site.json: configurations by their names without dates, logs by the folder or the\n"
        "name of a device, IDS rules as one sensor. The draft is commented and loads as it is; an\n"
        "existing site file is never overwritten.",
    .examples = "  fwproof init /srv/firewalls --as-of 2026-07-05\n"
                "  fwproof review /srv/firewalls/site.json",
    .options = FW_TAKES_COMMON | FW_TAKES(AS_OF) | FW_TAKES(OUT),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
