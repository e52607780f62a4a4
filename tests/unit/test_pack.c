/* Packs: their small languages, sealing, custody, and what the builder writes and refuses. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "evidence/manifest.h"
#include "evidence/pack.h"
#include "evidence/packcheck.h"
#include "evidence/packdir.h"
#include "evidence/period.h"
#include "tests/unit/random.h"
#include "tests/unit/suites.h"
#include "tests/unit/workdir.h"

#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

START_TEST(manifests)
{
    static const struct {
        const char *text, *below, *why; /* why NULL: good */
    } rows[] = {
        {"", "data/", NULL},
        {HEX "  data/a\n" HEX "  data/a b\n" HEX "  data/\xe8\xa1\xa8\n", "data/", NULL},
        {HEX "  bagit.txt\n", "", NULL},
        {HEX "  data/a", "data/", "manifest-sha256.txt does not end with a newline"},
        {HEX "  a", "", "tagmanifest-sha256.txt does not end with a newline"},
        {HEX " data/a\n", "data/",
         "manifest-sha256.txt line 1: expected 64 lower-case hexadecimal digits, two spaces and a "
         "path"},
        {HEX "  \n", "data/",
         "manifest-sha256.txt line 1: expected 64 lower-case hexadecimal digits, two spaces and a "
         "path"},
        {HEX "  data/a\n" HEX "  data/a\n", "data/",
         "manifest-sha256.txt line 2: the path is listed twice"},
        {HEX "  data/b\n" HEX "  data/a\n", "data/",
         "manifest-sha256.txt line 2: the lines are not sorted by path"},
        {HEX "  bagit.txt\n", "data/", "manifest-sha256.txt line 1: the path is not below data/"},
        {HEX "  data/../x\n", "data/",
         "manifest-sha256.txt line 1: the path is absolute, has an empty, . or .. part, or a "
         "forbidden character"},
        {HEX "  data/x/\n", "data/",
         "manifest-sha256.txt line 1: the path is absolute, has an empty, . or .. part, or a "
         "forbidden character"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fw_manifest manifest;
        fw_buf_reset(&why);
        bool good = fw_manifest_parse(fw_sv_from(rows[i].text), rows[i].below, &arena, &manifest,
                                      &why);
        ck_assert_msg(good == !rows[i].why, "row %zu: %s", i, why.p ? why.p : "");
        said(rows[i].why ? rows[i].why : "");
        if (good) { /* what is accepted is what would be written */
            struct fw_buf text;
            fw_buf_init(&text);
            for (size_t j = 0; j < manifest.n; j++) {
                fw_manifest_line_text(&text, manifest.v[j].sha256, manifest.v[j].path);
            }
            ck_assert(fw_sv_is(fw_buf_sv(&text), rows[i].text));
            fw_buf_clear(&text);
        }
    }
}
END_TEST

START_TEST(bag_infos)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"Pack-Period: 2026Q2\nPack-Sequence: 7\nPayload-Oxum: 1.1\n", NULL},
        {"Pack-Period: 2026Q2\nPack-Sequence: 07\n", "bag-info.txt has no valid Pack-Sequence"},
        {"Pack-Period: 2026Q2\nPack-Sequence: 1000000\n",
         "bag-info.txt has no valid Pack-Sequence"},
        {"Pack-Period: 2026/2\nPack-Sequence: 7\n", "bag-info.txt has no valid Pack-Period"},
        {"", "bag-info.txt has no valid Pack-Period"},
        {"Pack-Period:2026Q2\n", "bag-info.txt line 1: expected \"Key: value\""},
        {"pack-period: 2026Q2\n", "bag-info.txt line 1: expected \"Key: value\""},
        {"Pack-Period: \n", "bag-info.txt line 1: expected \"Key: value\""},
        {"A: b\nA: c\n", "bag-info.txt line 2: the key stands twice"},
        {"A: b", "bag-info.txt does not end with a newline"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fw_bag_info info;
        fw_buf_reset(&why);
        bool good = fw_bag_info_parse(fw_sv_from(rows[i].text), &arena, &info, &why);
        ck_assert_msg(good == !rows[i].why, "row %zu", i);
        said(rows[i].why ? rows[i].why : "");
        if (good) {
            ck_assert_uint_eq(info.sequence, 7);
            ck_assert(fw_sv_is(info.period, "2026Q2"));
            ck_assert(fw_sv_is(fw_bag_info_value(&info, "Payload-Oxum"), "1.1"));
            ck_assert_ptr_null(fw_bag_info_value(&info, "Payload").p);
        }
    }
}
END_TEST

START_TEST(chains)
{
    static const struct {
        const char *text;
        size_t n;
        const char *why;
    } rows[] = {
        {"", 0, NULL},
        {"2026Q1\t1\t" HEX "\t" HEX "\n2026Q1\t2\t" HEX "\t-\n", 2, NULL},
        {"2026Q1\t2\t" HEX "\t-\n", 0, "data/chain.tsv line 1: the sequence is 2, expected 1"},
        {"2026Q1\t1\t" HEX "\n", 0,
         "data/chain.tsv line 1: expected period, sequence, and two hashes"},
        {"2026Q1\t1\t" HEX "\t-\t\n", 0,
         "data/chain.tsv line 1: expected period, sequence, and two hashes"},
        {"2026 Q1\t1\t" HEX "\t-\n", 0,
         "data/chain.tsv line 1: expected period, sequence, and two hashes"},
        {"2026Q1\t1\t" HEX "\t-", 0, "data/chain.tsv does not end with a newline"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fw_chain chain;
        fw_buf_reset(&why);
        bool good = fw_chain_parse(fw_sv_from(rows[i].text), &arena, &chain, &why);
        ck_assert_msg(good == !rows[i].why, "row %zu", i);
        said(rows[i].why ? rows[i].why : "");
        if (good) {
            struct fw_buf text;
            fw_buf_init(&text);
            ck_assert_uint_eq(chain.n, rows[i].n);
            for (size_t j = 0; j < chain.n; j++) {
                fw_chain_line_text(&text, &chain.v[j]);
            }
            ck_assert(fw_sv_is(fw_buf_sv(&text), rows[i].text));
            fw_buf_clear(&text);
        }
    }
}
END_TEST

/* Whatever is accepted is what we would write: there is no second spelling to hide in. */
START_TEST(one_spelling)
{
    static const char *const seeds[] = {
        HEX "  data/a\n" HEX "  data/b/c\n",
        "2026Q1\t1\t" HEX "\t" HEX "\n2026Q1\t2\t" HEX "\t-\n",
        "Pack-Period: 2026Q2\nPack-Sequence: 7\nPayload-Oxum: 1.1\n",
    };
    struct test_random random = test_random_start("one_spelling");
    struct fw_arena local;
    struct fw_buf printed;
    uint64_t accepted = 0;
    fw_arena_init(&local, 0);
    fw_buf_init(&printed);
    for (unsigned i = 0; i < 30000; i++) {
        static const char bytes[] = "0aG \t\n-/.:%\\\0\xff";
        unsigned kind = i % 3;
        size_t n = strlen(seeds[kind]);
        char text[512];
        memcpy(text, seeds[kind], n);
        for (unsigned changes = test_random_below(&random, 4); changes > 0; changes--) {
            text[test_random_below(&random, (unsigned)n)] =
                bytes[test_random_below(&random, sizeof(bytes) - 1)];
        }
        if (test_random_below(&random, 8) == 0) {
            n = test_random_below(&random, (unsigned)n + 1);
        }
        struct fw_manifest manifest = {0};
        struct fw_chain chain = {0};
        struct fw_bag_info info = {0};
        fw_sv view = fw_sv_of(text, n);
        fw_buf_reset(&why);
        fw_buf_reset(&printed);
        fw_arena_reset(&local);
        bool good = kind == 0   ? fw_manifest_parse(view, "data/", &local, &manifest, &why)
                    : kind == 1 ? fw_chain_parse(view, &local, &chain, &why)
                                : fw_bag_info_parse(view, &local, &info, &why);
        ck_assert(good == (why.n == 0));
        for (size_t j = 0; j < manifest.n; j++) {
            fw_manifest_line_text(&printed, manifest.v[j].sha256, manifest.v[j].path);
        }
        for (size_t j = 0; j < chain.n; j++) {
            fw_chain_line_text(&printed, &chain.v[j]);
        }
        for (size_t j = 0; j < info.n; j++) {
            fw_bag_pair_text(&printed, info.v[j].key, info.v[j].value);
        }
        ck_assert(!good || fw_sv_eq(view, fw_buf_sv(&printed)));
        accepted += good;
    }
    ck_assert_uint_gt(accepted, 3000);
    fw_buf_clear(&printed);
    fw_arena_clear(&local);
}
END_TEST

START_TEST(periods)
{
    static const char *const good[] = {"2026", "2026H2", "2026Q4", "2026-12", "0001Q1", NULL};
    static const char *const none[] = {"2026Q5", "2026Q0", "2026H3", "2026-13", "2026-1", "0000",
                                       "202Q1",  "2026q1", "audit",  "",        "2026Q",  NULL};
    static const struct {
        const char *list[5];
        const char *missing;
    } rows[] = {
        {{"2025Q4", "2026Q1"}, ""},
        {{"2025Q3", "2026Q2"}, "2025Q4, 2026Q1"},
        {{"2026Q1", "2026Q3", "2026Q2"}, ""}, /* made up for later */
        {{"2025-11", "2026-02", "2025-12"}, "2026-01"},
        {{"2024", "2026"}, "2025"},
        {{"2020H1", "2026Q1", "2026Q3"}, "2026Q2"},
        {{"first", "2026Q3", "2026Q1"}, "2026Q2"},
        {{"2026Q1", "special"}, ""},
        {{"2000Q1", "2010Q1"},
         "2000Q2, 2000Q3, 2000Q4, 2001Q1, 2001Q2, 2001Q3, 2001Q4, 2002Q1 and 31 more"},
    };
    struct fw_period period;
    for (size_t i = 0; good[i]; i++) {
        ck_assert(fw_period_parse(fw_sv_from(good[i]), &period));
        fw_buf_reset(&why);
        fw_period_text(&why, period);
        said(good[i]);
    }
    for (size_t i = 0; none[i]; i++) {
        ck_assert_msg(!fw_period_parse(fw_sv_from(none[i]), &period), "%s", none[i]);
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_sv list[5];
        size_t n = 0;
        for (; n < 5 && rows[i].list[n]; n++) {
            list[n] = fw_sv_from(rows[i].list[n]);
        }
        fw_buf_reset(&why);
        (void)fw_period_missing(list, n, &arena, &why);
        said(rows[i].missing);
    }
}
END_TEST

START_TEST(seals)
{
    static const char text[] = "key one\nkey two\nend";
    static const struct {
        fw_span spans[3];
        size_t n;
        const char *want;
    } rows[] = {
        {{{0}}, 0, "key one\nkey two\nend"},
        {{{4, 3, 1}}, 1, "key <masked>\nkey two\nend"},
        {{{12, 3, 2}, {4, 3, 1}}, 2, "key <masked>\nkey <masked>\nend"},
        {{{4, 2, 1}, {5, 2, 1}}, 2, "key <masked>\nkey two\nend"},
        {{{4, 3, 1}, {4, 1, 1}}, 2, "key <masked>\nkey two\nend"},
        {{{4, 11, 1}}, 1, "key <masked>\n\nend"}, /* line numbers stay */
        {{{0, 19, 1}}, 1, "<masked>\n\n"},
        {{{16, 900, 3}}, 1, "key one\nkey two\n<masked>"},
        {{{500, 4, 9}}, 1, "key one\nkey two\nend"},
        {{{4, 0, 1}}, 1, "key one\nkey two\nend"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_buf_reset(&why);
        fw_seal(fw_sv_from(text), rows[i].spans, rows[i].n, &arena, &why);
        ck_assert_msg(strcmp(why.p, rows[i].want) == 0, "row %zu: %s", i, why.p);
    }
}
END_TEST

START_TEST(custody_is_sorted_and_printable)
{
    struct fw_custody inputs[] = {
        {.path = FW_SV("logs/b.gz"),
         .device = FW_SV("fw1"),
         .kind = FW_SV("log"),
         .format = FW_SV("asa"),
         .info = {.stored_bytes = 10,
                  .decoded_bytes = 100,
                  .lines = 3,
                  .container = FW_CONTAINER_GZIP,
                  .integrity = FW_INTEGRITY_TRUNCATED}},
        {.path = FW_SV("=cmd\tx\ny"), .kind = FW_SV("log")},
        {.path = FW_SV("a.cfg"), .kind = FW_SV("configuration"), .sealed = true, .copy = FW_SV("")},
    };
    fw_custody_text(inputs, 3, &arena, &why);
    said(
        "path\tdevice\tkind\tformat\tsha256\tbytes\tdecoded_bytes\tlines\tcontainer\tintegrity\t"
        "sealed\tsealed_sha256\n"
        "./=cmd\\x09x\\x0ay\t\tlog\t\t"
        "0000000000000000000000000000000000000000000000000000000000000000\t0\t0\t0\tplain\tok\t\t\n"
        "a.cfg\t\tconfiguration\t\t"
        "0000000000000000000000000000000000000000000000000000000000000000\t0\t0\t0\tplain\tok\t"
        "data/inputs/0000000000000000000000000000000000000000000000000000000000000000.txt\t" HEX
        "\n"
        "logs/b.gz\tfw1\tlog\tasa\t"
        "0000000000000000000000000000000000000000000000000000000000000000\t10\t100\t3\tgzip\t"
        "truncated\t\t\n");
}
END_TEST

static struct fw_pack_member members[] = {
    {{"b", 1}, {"2\n", 2}},
    {{"a/x", 3}, {"1\n", 2}},
};

static struct fw_pack_spec spec_of(const char *period)
{
    return (struct fw_pack_spec){.period = fw_sv_from(period), .nmembers = 2, .members = members};
}

static fw_sv read_at(const char *path)
{
    struct fw_source_info info;
    fw_sv text = {0};
    ck_assert_int_eq(fw_source_load(path, 1 << 20, &arena, &text, &info), FW_OK);
    return text;
}

START_TEST(writes_a_pack)
{
    static const struct fw_pack_pair pairs[] = {
        {"Source-Organization", {"Agency\nof \x1b[1m", 14}},
        {"Pack-Edition", {"", 0}},
        {"Pack-Profile", {" quick ", 7}},
    };
    struct fw_pack_spec spec = spec_of("2026Q2");
    struct fw_pack_built built;
    spec.npairs = 3;
    spec.pairs = pairs;
    ck_assert_int_eq(fw_pack_place(at("p")), FW_PACK_PLACE_FREE);
    ck_assert_int_eq(fw_pack_write(at("p"), &spec, &arena, &built, &why), FW_OK);
    ck_assert_int_eq(fw_pack_place(at("p")), FW_PACK_PLACE_UNSIGNED);
    ck_assert_uint_eq(built.sequence, 1);
    ck_assert_uint_eq(built.files, 4);
    ck_assert(fw_sv_is(read_at(at("p/bag-info.txt")),
                       "Pack-Period: 2026Q2\nPack-Sequence: 1\n"
                       "Source-Organization: Agency\\x0aof \\x1b[1m\n"
                       "Pack-Profile: quick\nPayload-Oxum: 102.4\n"));
    ck_assert(fw_sv_is(read_at(at("p/data/a/x")), "1\n"));
    ck_assert(fw_sha256_eq(built.head, fw_sha256_of(read_at(at("p/tagmanifest-sha256.txt")))));
    ck_assert(fw_dir_exists(at("p/signoff")));

    /* The order of members is not seen, an unsigned pack is replaced, nothing is left beside it. */
    struct fw_pack_member turned[] = {members[1], members[0]};
    struct fw_pack_built again;
    struct fw_packdir listing;
    spec.members = turned;
    ck_assert_int_eq(fw_pack_write(at("p/"), &spec, &arena, &again, &why), FW_OK);
    ck_assert(fw_sha256_eq(built.head, again.head));
    ck_assert_int_eq(fw_packdir_open(dir, &arena, &listing), FW_OK);
    ck_assert_uint_eq(listing.n, 14);
    fw_packdir_close(&listing);
    struct fw_steps steps = {.arena = &arena};
    struct fw_pack pack;
    ck_assert(fw_pack_check(at("p"), FW_CHECK_SCRIPT, &steps, &pack));
    ck_assert_uint_eq(pack.bytes, 102);
}
END_TEST

/* What a killed writer left goes with the next write; what another is writing stays, as does what
 * only looks alike. */
START_TEST(sweeps_leftovers)
{
    struct fw_pack_spec spec = spec_of("2026Q2");
    struct fw_pack_built built;
    static const char *const names[] = {".p.123.tmp", ".p.124.tmp", ".p.x.tmp", ".pp.1.tmp"};
    for (size_t i = 0; i < 4; i++) {
        fw_sv inside = fw_arena_printf(&arena, "%s/data", at(names[i]));
        ck_assert_int_eq(fw_dir_make(inside.p), FW_OK);
    }
    int held = open(at(names[1]), O_RDONLY | O_DIRECTORY);
    ck_assert_int_eq(flock(held, LOCK_EX), 0);
    ck_assert_int_eq(fw_pack_write(at("p"), &spec, &arena, &built, &why), FW_OK);
    ck_assert(!fw_dir_exists(at(names[0])));
    ck_assert(fw_dir_exists(at(names[1])));
    ck_assert(fw_dir_exists(at(names[2])));
    ck_assert(fw_dir_exists(at(names[3])));
    close(held);
    ck_assert_int_eq(fw_pack_write(at("p"), &spec, &arena, &built, &why), FW_OK);
    ck_assert(!fw_dir_exists(at(names[1])));
}
END_TEST

START_TEST(chains_to_the_previous)
{
    struct fw_pack_spec spec = spec_of("2026Q1");
    struct fw_pack_built first, second;
    ck_assert_int_eq(fw_pack_write(at("1"), &spec, &arena, &first, &why), FW_OK);
    spec = spec_of("2026Q2");
    spec.previous = at("1");
    ck_assert_int_eq(fw_pack_write(at("2"), &spec, &arena, &second, &why), FW_OK);
    ck_assert_uint_eq(second.sequence, 2);
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(first.head, hex);
    fw_sv want = fw_arena_printf(&arena, "2026Q1\t1\t%s\t-\n", hex);
    ck_assert(fw_sv_eq(read_at(at("2/data/chain.tsv")), want));

    ck_assert_int_eq(fw_pack_write(at("1"), &spec, &arena, &second, &why), FW_ERR_EXISTS);
    said(fw_arena_printf(&arena, "%s would be overwritten by the pack that follows it", at("1")).p);
    fw_buf_reset(&why);
    ck_assert_int_eq(fw_file_write(at("1/data/b"), FW_SV("3\n")), FW_OK);
    ck_assert_int_eq(fw_pack_write(at("3"), &spec, &arena, &second, &why), FW_ERR_INVALID);
    said(fw_arena_printf(&arena, "the previous pack %s is broken: data/b does not match its hash",
                         at("1"))
             .p);
    ck_assert(!fw_dir_exists(at("3")));
}
END_TEST

START_TEST(overwrites_nothing_else)
{
    struct fw_pack_spec spec = spec_of("2026Q1");
    struct fw_pack_built built;
    ck_assert_int_eq(fw_dir_make(at("notes")), FW_OK);
    ck_assert_int_eq(fw_pack_place(at("notes")), FW_PACK_PLACE_FREE);
    ck_assert_int_eq(fw_file_write(at("notes/mine"), FW_SV("x")), FW_OK);
    ck_assert_int_eq(fw_pack_place(at("notes")), FW_PACK_PLACE_FOREIGN);
    ck_assert_int_eq(fw_pack_place(at("notes/mine")), FW_PACK_PLACE_FOREIGN);
    ck_assert_int_eq(fw_pack_write(at("notes"), &spec, &arena, &built, &why), FW_ERR_EXISTS);
    said(fw_arena_printf(&arena, "%s is there and is no pack of ours: name another folder",
                         at("notes"))
             .p);
    ck_assert_int_eq(fw_pack_write(at("p"), &spec, &arena, &built, &why), FW_OK);
    ck_assert_int_eq(symlink(at("p"), at("link")), 0);
    ck_assert_int_eq(fw_pack_place(at("link")), FW_PACK_PLACE_FOREIGN);
    ck_assert_int_eq(fw_file_write(at("p/signoff/reviewer.sig"), FW_SV("x")), FW_OK);
    ck_assert_int_eq(fw_pack_place(at("p")), FW_PACK_PLACE_SIGNED);
    fw_buf_reset(&why);
    ck_assert_int_eq(fw_pack_write(at("p"), &spec, &arena, &built, &why), FW_ERR_EXISTS);
    ck_assert_uint_ne(fw_sv_find(fw_buf_sv(&why), FW_SV("holds a signed pack")), SIZE_MAX);
    ck_assert(fw_sv_is(read_at(at("p/signoff/reviewer.sig")), "x"));
}
END_TEST

START_TEST(refuses_what_a_manifest_cannot_carry)
{
    static const char *const names[] = {"a\nb", "../x", "/x",  "a//b", "a\\b",
                                        "a%b",  "",     "a/.", "\x1b", "\xff"};
    struct fw_pack_built built;
    struct fw_pack_member one = {.bytes = FW_SV("x")};
    struct fw_pack_spec spec = {.period = FW_SV("2026Q1"), .nmembers = 1, .members = &one};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        one.path = fw_sv_from(names[i]);
        ck_assert_msg(fw_pack_write(at("p"), &spec, &arena, &built, &why) == FW_ERR_INVALID,
                      "row %zu", i);
        ck_assert(!fw_dir_exists(at("p")));
    }
    struct fw_pack_member twice[] = {{FW_SV("a"), FW_SV("1")}, {FW_SV("a"), FW_SV("2")}};
    spec.members = twice;
    spec.nmembers = 2;
    fw_buf_reset(&why);
    ck_assert_int_eq(fw_pack_write(at("p"), &spec, &arena, &built, &why), FW_ERR_INVALID);
    said("two different members are called data/a");

    struct fw_pack_pair pair = {"Pack-Period", FW_SV("2026Q9")};
    spec = spec_of("2026Q1");
    spec.npairs = 1;
    spec.pairs = &pair;
    fw_buf_reset(&why);
    ck_assert_int_eq(fw_pack_write(at("p"), &spec, &arena, &built, &why), FW_ERR_INVALID);
    said("bag-info.txt cannot carry the key Pack-Period");
    spec = spec_of("2026 Q1");
    fw_buf_reset(&why);
    ck_assert_int_eq(fw_pack_write(at("p"), &spec, &arena, &built, &why), FW_ERR_INVALID);
    said("the period must be one word like 2026Q2");
}
END_TEST

START_TEST(scripts_of_earlier_releases)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sv old = FW_SV("#!/bin/sh\necho old\n");
    fw_sha256_hex(fw_sha256_of(old), hex);
    fw_sv own = fw_arena_printf(&arena, "#!/bin/sh\nKNOWN='" HEX " %s'\necho \"$KNOWN\"\n", hex);
    ck_assert(fw_pack_script_known(own, own));
    ck_assert(fw_pack_script_known(own, old));
    ck_assert(fw_pack_script_known(own, FW_SV(""))); /* whose hash is the first */
    ck_assert(!fw_pack_script_known(own, FW_SV("#!/bin/sh\necho OLD\n")));
    ck_assert(!fw_pack_script_known(FW_SV("#!/bin/sh\n"), old));
    ck_assert(!fw_pack_script_known(fw_pack_script(), old));
    ck_assert_uint_ne(fw_sv_find(fw_pack_script(), FW_SV("\nKNOWN='")), SIZE_MAX);
}
END_TEST

Suite *fw_suite_pack(void)
{
    Suite *suite = suite_create("pack");
    TCase *tc = tcase_create("pack");
    tcase_add_checked_fixture(tc, workdir_setup, workdir_teardown);
    tcase_add_test(tc, manifests);
    tcase_add_test(tc, bag_infos);
    tcase_add_test(tc, chains);
    tcase_add_test(tc, one_spelling);
    tcase_add_test(tc, periods);
    tcase_add_test(tc, seals);
    tcase_add_test(tc, custody_is_sorted_and_printable);
    tcase_add_test(tc, writes_a_pack);
    tcase_add_test(tc, sweeps_leftovers);
    tcase_add_test(tc, chains_to_the_previous);
    tcase_add_test(tc, overwrites_nothing_else);
    tcase_add_test(tc, scripts_of_earlier_releases);
    tcase_add_test(tc, refuses_what_a_manifest_cannot_carry);
    suite_add_tcase(suite, tc);
    return suite;
}
