/*
 * Builds small packs and changes single bytes of them, for the matrix of tampered packs.
 *
 *   packtool build OUT PERIOD [PREVIOUS]
 *
 *   packtool flip PACK TRUST COUNT [SEED [TSA-CA [CA]]]
 *       changes one byte at random places; all must be noticed
 *
 *   packtool flip-all PACK TRUST PREFIX [TSA-CA [CA]]
 *       the same with every byte below a folder
 *
 *   packtool poke PACK SEED
 *       changes one byte and leaves it so; prints where
 *
 *   packtool script
 *       prints verify.sh
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/merkle.h"
#include "evidence/logindex.h"
#include "evidence/pack.h"
#include "evidence/packdir.h"
#include "evidence/verify.h"

static struct fw_arena arena;
static struct fw_buf why;

static int report(enum fw_err err)
{
    if (err == FW_OK) {
        return 0;
    }
    fprintf(stderr, "%s: %.*s\n", fw_err_text(err), FW_SV_ARG(fw_buf_sv(&why)));
    return err == FW_ERR_INVALID || err == FW_ERR_EXISTS ? 1 : 2;
}

enum { LOGS = 3 };

/* Three logs: what review knows of them, for the index and for custody. */
static void add_logs(struct fw_inputs *inputs, struct fw_custody *custody)
{
    static const char *const paths[LOGS] = {"logs/fw1.log", "logs/fw1.log.1", "logs/=fw 2.log.gz"};
    static const uint8_t days[] = {1, 0, 1};
    static struct fw_input rows[LOGS];
    for (size_t i = 0; i < LOGS; i++) {
        struct fw_input *row = &rows[i];
        *row = (struct fw_input){.role = FW_INPUT_LOG,
                                 .path = fw_sv_from(paths[i]),
                                 .device = FW_SV("fw1"),
                                 .format = "cisco-asa-log"};
        row->info.sha256 = fw_sha256_of(row->path);
        row->info.stored_bytes = 100 + i;
        row->info.decoded_bytes = 200 + i;
        row->info.lines = 3;
        row->info.container = i == 2 ? FW_CONTAINER_GZIP : FW_CONTAINER_PLAIN;
        row->info.has_lines_root = true;
        row->info.lines_root = fw_merkle_leaf(row->path);
        row->lines = (struct fw_line_counts){.total = 3, .used = 2, .bad = 1};
        if (i > 0) { /* the first one has no time */
            row->days = (struct fw_file_days){true,  1751600000000000000, 1751700000000000000,
                                              20273, sizeof(days),        days};
        }
        custody[i] = (struct fw_custody){.path = row->path,
                                         .device = row->device,
                                         .kind = FW_SV("log"),
                                         .format = fw_sv_from(row->format),
                                         .info = row->info};
    }
    *inputs = (struct fw_inputs){LOGS, rows};
    fw_inputs_sort(inputs);
}

/* The fifth day after a quarter. */
static const char *counted_from(const char *period)
{
    static char day[16];
    static const char *const days[] = {"04-05", "07-05", "10-05", "01-05"};
    int year = 0, quarter = 0;
    if (sscanf(period, "%4dQ%1d", &year, &quarter) != 2 || quarter < 1 || quarter > 4) {
        return "2026-07-05";
    }
    (void)snprintf(day, sizeof(day), "%04d-%s", year + (quarter == 4), days[quarter - 1]);
    return day;
}

static int build(int argc, char **argv)
{
    if (argc < 2) {
        return 2;
    }
    const struct fw_pack_pair pairs[] = {
        {"Source-Organization", fw_sv_from("示範機關")},
        {"Pack-Software", FW_SV("fwproof 0")},
        {"Pack-As-Of", fw_arena_copy(&arena, fw_sv_from(counted_from(argv[1])))},
    };
    struct fw_pack_member members[] = {
        {FW_SV("results/findings.json"), FW_SV("{\"findings\":[]}\n")},
        {FW_SV("results/empty"), FW_SV("")},
        {FW_SV("forms/改善報告 1.tsv"), FW_SV("項次\t內容\n")},
        {FW_SV("period.txt"), fw_sv_from(argv[1])},
        {FW_SV("logs/index.tsv"), FW_SV("")},
        {FW_SV("logs/root.tsv"), FW_SV("")},
    };
    struct fw_inputs logs;
    struct fw_buf index, root;
    struct fw_custody inputs[] = {
        {.path = FW_SV("configs/fw1.rules"),
         .device = FW_SV("fw1"),
         .kind = FW_SV("configuration"),
         .format = FW_SV("iptables-save"),
         .info = {.sha256 = fw_sha256_of(FW_SV("one")), .stored_bytes = 12, .lines = 2},
         .sealed = true,
         .copy = FW_SV("*filter\nCOMMIT\n")},
        {.sealed = false}, /* the logs */
        {.sealed = false},
        {.sealed = false},
    };
    add_logs(&logs, &inputs[1]);
    fw_buf_init(&index);
    fw_buf_init(&root);
    fw_log_index_text(&logs, &index);
    fw_log_root_text(fw_buf_sv(&index), &root);
    members[4].bytes = fw_arena_copy(&arena, fw_buf_sv(&index));
    members[5].bytes = fw_arena_copy(&arena, fw_buf_sv(&root));
    fw_buf_clear(&index);
    fw_buf_clear(&root);
    struct fw_pack_spec spec = {
        .period = fw_sv_from(argv[1]),
        .previous = argc > 2 ? argv[2] : NULL,
        .npairs = sizeof(pairs) / sizeof(pairs[0]),
        .pairs = pairs,
        .nmembers = sizeof(members) / sizeof(members[0]),
        .members = members,
        .ninputs = sizeof(inputs) / sizeof(inputs[0]),
        .inputs = inputs,
    };
    struct fw_pack_built built;
    return report(fw_pack_write(argv[0], &spec, &arena, &built, &why));
}

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct change {
    char path[4096], name[4096];
    uint64_t at;
    unsigned char was, now;
};

static bool write_byte(const struct change *c, unsigned char byte)
{
    FILE *file = fopen(c->path, "r+b");
    bool done = file && fseek(file, (long)c->at, SEEK_SET) == 0 && fputc(byte, file) != EOF;
    return file && fclose(file) == 0 && done;
}

static bool change_at(const char *pack, const struct fw_entry *entry, uint64_t at,
                      struct change *ret)
{
    (void)snprintf(ret->name, sizeof(ret->name), "%s", entry->path.p);
    (void)snprintf(ret->path, sizeof(ret->path), "%s/%s", pack, entry->path.p);
    FILE *file = fopen(ret->path, "rb");
    int byte = file && fseek(file, (long)at, SEEK_SET) == 0 ? fgetc(file) : EOF;
    if (file) {
        (void)fclose(file);
    }
    ret->at = at;
    ret->was = (unsigned char)byte;
    return byte != EOF;
}

/* Every byte of every file is equally likely. */
static bool pick(const char *pack, const struct fw_packdir *dir, uint64_t *state,
                 struct change *ret)
{
    uint64_t total = 0;
    for (size_t i = 0; i < dir->n; i++) {
        total += dir->v[i].kind == FW_ENTRY_FILE ? dir->v[i].bytes : 0;
    }
    size_t e = 0;
    uint64_t at = next_random(state) % total;
    while (dir->v[e].kind != FW_ENTRY_FILE || at >= dir->v[e].bytes) {
        at -= dir->v[e].kind == FW_ENTRY_FILE ? dir->v[e].bytes : 0;
        e++;
    }
    bool good = change_at(pack, &dir->v[e], at, ret);
    ret->now = (unsigned char)(ret->was ^ (1 + next_random(state) % 255));
    return good;
}

/* One change of a pack and back: whether it is noticed. */
static int try_change(const char *pack, const struct change *c,
                      const struct fw_verify_options *options, unsigned long *missed)
{
    struct fw_arena local;
    struct fw_verify_report result;
    fw_arena_init(&local, 0);
    if (!write_byte(c, c->now) ||
        fw_verify(pack, NULL, 0, options, &local, &result, &why) != FW_OK ||
        !write_byte(c, c->was)) {
        return 2;
    }
    if (result.verdict != FW_VERIFY_FAILED) {
        printf("missed: %s byte %" PRIu64 " 0x%02x -> 0x%02x: %s\n", c->name, c->at, c->was, c->now,
               fw_verify_verdict_name(result.verdict));
        (*missed)++;
    }
    fw_arena_clear(&local);
    return 0;
}

static struct fw_authorities stamps, people;

/* What the pack is verified with; it must be right as it is. */
static bool prepare(char **argv, int argc, const char *pack, struct fw_verify_options *options)
{
    struct fw_authorities *const storage[] = {&stamps, &people};
    const struct fw_authorities **const used[] = {&options->tsa_ca, &options->ca};
    struct fw_verify_report result;
    for (int i = 0; i < argc && i < 2; i++) {
        if (argv[i][0] == '\0') {
            continue;
        }
        if (fw_authorities_load(argv[i], storage[i], &why) != FW_OK) {
            return false;
        }
        *used[i] = storage[i];
    }
    return fw_verify(pack, NULL, 0, options, &arena, &result, &why) == FW_OK &&
           result.verdict == FW_VERIFY_VERIFIED;
}

static int flip(int argc, char **argv)
{
    if (argc < 3) {
        return 2;
    }
    uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 20260705, state = seed;
    unsigned long count = strtoul(argv[2], NULL, 10), missed = 0;
    struct fw_verify_options options = {.trust = argv[1]};
    struct fw_packdir dir;
    struct change c;
    if (!prepare(argc > 4 ? argv + 4 : NULL, argc - 4, argv[0], &options) ||
        fw_packdir_open(argv[0], &arena, &dir) != FW_OK) {
        return 2;
    }
    for (unsigned long i = 0; i < count; i++) {
        if (!pick(argv[0], &dir, &state, &c) || try_change(argv[0], &c, &options, &missed) != 0) {
            return 2;
        }
    }
    printf("%lu single-byte changes, %lu missed (seed %" PRIu64 ")\n", count, missed, seed);
    fw_packdir_close(&dir);
    return missed == 0 ? 0 : 1;
}

/* Each byte of the files below a folder: its lowest bit, its highest one, all of them, and what
 * numbers of algorithms that mean the same differ in. */
static int flip_all(int argc, char **argv)
{
    static const unsigned char masks[] = {0x01, 0x80, 0xff, 0x0a, 0x20};
    unsigned long count = 0, missed = 0;
    struct fw_verify_options options = {.trust = argc > 1 ? argv[1] : NULL};
    struct fw_packdir dir;
    if (argc < 3 || !prepare(argc > 3 ? argv + 3 : NULL, argc - 3, argv[0], &options) ||
        fw_packdir_open(argv[0], &arena, &dir) != FW_OK) {
        return 2;
    }
    for (size_t i = 0; i < dir.n; i++) {
        if (dir.v[i].kind != FW_ENTRY_FILE || !fw_sv_starts(dir.v[i].path, argv[2])) {
            continue;
        }
        for (uint64_t at = 0; at < dir.v[i].bytes; at++) {
            struct change c;
            if (!change_at(argv[0], &dir.v[i], at, &c)) {
                return 2;
            }
            for (size_t m = 0; m < sizeof(masks); m++, count++) {
                c.now = (unsigned char)(c.was ^ masks[m]);
                if (try_change(argv[0], &c, &options, &missed) != 0) {
                    return 2;
                }
            }
        }
    }
    printf("%lu single-byte changes below %s, %lu missed\n", count, argv[2], missed);
    fw_packdir_close(&dir);
    return missed == 0 ? 0 : 1;
}

static int poke(int argc, char **argv)
{
    if (argc != 2) {
        return 2;
    }
    uint64_t state = strtoull(argv[1], NULL, 0);
    struct fw_packdir dir;
    struct change c;
    if (fw_packdir_open(argv[0], &arena, &dir) != FW_OK) {
        return 2;
    }
    bool done = pick(argv[0], &dir, &state, &c) && write_byte(&c, c.now);
    fw_packdir_close(&dir);
    if (done) {
        printf("%s byte %" PRIu64 " 0x%02x -> 0x%02x\n", c.name, c.at, c.was, c.now);
    }
    return done ? 0 : 2;
}

static int print_script(int argc, char **argv)
{
    fw_sv text = fw_pack_script();
    (void)argc;
    (void)argv;
    return fwrite(text.p, 1, text.n, stdout) == text.n ? 0 : 2;
}

static const struct {
    const char *name;
    int (*run)(int argc, char **argv); /* after the name */
} commands[] = {
    {"build", build}, {"flip", flip},           {"flip-all", flip_all},
    {"poke", poke},   {"script", print_script},
};

int main(int argc, char **argv)
{
    int status = 2;
    fw_arena_init(&arena, 0);
    fw_buf_init(&why);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (argc >= 2 && strcmp(argv[1], commands[i].name) == 0) {
            status = commands[i].run(argc - 2, argv + 2);
        }
    }
    fw_authorities_clear(&stamps);
    fw_authorities_clear(&people);
    fw_buf_clear(&why);
    fw_arena_clear(&arena);
    return status;
}
