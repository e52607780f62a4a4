/* Every parser of the registry on its own examples, on everybody else's, and on thousands of
 * damaged copies of its own: bytes changed, lines cut, doubled, moved, spliced with another's. The
 * seed is printed; FWPROOF_SEED repeats a run. One case a parser; forms likewise (forms.h). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/source.h"
#include "core/walk.h"
#include "tests/fuzz/forms.h"
#include "tests/fuzz/target.h"
#include "tests/unit/random.h"

enum { ROUNDS = 3000, ROUNDS_LONG = 100000, SIZE_LAST = 65536 };

#define FW_PARSER(stem) extern const struct fw_parser fw_parser_##stem;
#include "parsers/registry.def"
#undef FW_PARSER

static const struct {
    const struct fw_parser *parser;
    const char *stem;
} members[] = {
#define FW_PARSER(stem) {&fw_parser_##stem, #stem},
#include "parsers/registry.def"
#undef FW_PARSER
};

struct example {
    fw_sv stem; /* the folder's name: parsers/STEM.c */
    fw_sv text;
};

static struct example *examples;
static size_t nexamples;

static void load(struct fw_arena *arena, const char *root)
{
    const char *paths[] = {root};
    struct fw_diags *diags = fw_diags_new();
    struct fw_paths found = {0};
    uint64_t missing = 0;
    fw_walk(arena, paths, 1, diags, &found, &missing);
    for (size_t i = 0; i < found.n; i++) {
        struct fw_source_info info;
        fw_sv text;
        if (fw_sv_ends(found.v[i], ".expected") ||
            fw_source_load(found.v[i].p, 1u << 24, arena, &text, &info) != FW_OK) {
            continue;
        }
        examples = fw_arena_push(arena, examples, nexamples, sizeof(*examples));
        examples[nexamples++] = (struct example){fw_path_name(fw_path_dir(found.v[i])), text};
    }
    fw_diags_free(diags);
}

static size_t below(struct test_random *random, size_t n)
{
    return n ? (size_t)(test_random_u64(random) % n) : 0;
}

/* The piece of text between two line starts near two random places. */
static fw_sv random_lines(struct test_random *random, fw_sv text)
{
    size_t from = below(random, text.n);
    while (from > 0 && text.p[from - 1] != '\n') {
        from--;
    }
    size_t to = from + below(random, 512);
    to = to < text.n ? to : text.n;
    while (to < text.n && text.p[to] != '\n') {
        to++;
    }
    return fw_sv_sub(text, from, to - from + 1);
}

static size_t damage(struct test_random *random, char *p, size_t n, fw_sv other)
{
    static const char bytes[] = {'\0', '\n', ' ', '"', '!', '-', ',', ':',  '/',  '0',   '9',
                                 '\\', '(',  ')', '[', ']', '=', '%', '\t', '\r', '\xff'};
    size_t at = below(random, n);
    fw_sv piece;
    switch (below(random, 6)) {
    case 0:
        if (n > 0) {
            p[at] = bytes[below(random, sizeof(bytes))];
        }
        return n;
    case 1: /* cut out */
        if (n > 0) {
            size_t cut = below(random, n - at < 40 ? n - at : 40);
            memmove(p + at, p + at + cut, n - at - cut);
            return n - cut;
        }
        return n;
    case 2: /* double some lines */
    case 3: /* lines of another example */
        piece = random_lines(random, below(random, 2) ? other : fw_sv_of(p, n));
        if (piece.n > 0 && n + piece.n <= SIZE_LAST) {
            char copy[1024];
            size_t size = piece.n < sizeof(copy) ? piece.n : sizeof(copy);
            memcpy(copy, piece.p, size);
            memmove(p + at + size, p + at, n - at);
            memcpy(p + at, copy, size);
            return n + size;
        }
        return n;
    case 4: /* end early */
        return below(random, 4) ? n : at;
    default: /* a long word */
        if (n + 300 <= SIZE_LAST && n > 0) {
            memmove(p + at + 300, p + at, n - at);
            memset(p + at, p[at] == '\n' ? 'x' : p[at], 300);
            return n + 300;
        }
        return n;
    }
}

/* What examples go through: a parser of the registry, or a form. */
struct way {
    const struct fw_parser *parser; /* NULL: the form */
    const struct fuzz_form *form;
    const char *folder; /* of its own examples */
};

static void run_one(const struct way *way, fw_sv bytes)
{
    if (way->parser) {
        fuzz_one(way->parser, bytes);
    } else {
        fuzz_form_one(way->form, bytes);
    }
}

static void run_damaged(const struct way *way, const struct example *example,
                        struct test_random *random, int rounds)
{
    char *p = malloc(SIZE_LAST);
    for (int i = 0; i < rounds; i++) {
        size_t n = example->text.n < SIZE_LAST / 2 ? example->text.n : SIZE_LAST / 2;
        fw_sv other = examples[below(random, nexamples)].text;
        memcpy(p, example->text.p, n);
        for (size_t k = 1 + below(random, 8); k > 0; k--) {
            n = damage(random, p, n, other);
        }
        run_one(way, fw_sv_of(p, n));
    }
    free(p);
}

/* A file that made trouble, once more. */
static int replay_files(int argc, char **argv)
{
    const struct way way = {fw_parser_find(fw_sv_from(argv[2])), fuzz_form_find(argv[2]), argv[2]};
    bool known = way.parser || way.form;
    for (int i = 3; known && i < argc; i++) {
        struct fw_arena arena;
        struct fw_source_info info;
        fw_sv text;
        fw_arena_init(&arena, 0);
        if (fw_source_load(argv[i], 1u << 24, &arena, &text, &info) == FW_OK) {
            run_one(&way, text);
            printf("ok %s\n", argv[i]);
        }
        fw_arena_clear(&arena);
    }
    return known ? 0 : 2;
}

static bool run_way(const struct way *way, struct test_random *random, int rounds)
{
    size_t own = 0;
    for (size_t i = 0; i < nexamples; i++) {
        run_one(way, examples[i].text);
        if (fw_sv_is(examples[i].stem, way->folder)) {
            own++;
            run_damaged(way, &examples[i], random, rounds);
        }
    }
    printf(own ? "ok %s\n" : "not ok %s: no example in fixtures\n", way->folder);
    fflush(stdout);
    return own > 0;
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "--file") == 0) {
        return replay_files(argc, argv);
    }
    unsigned part;
    unsigned parts;
    if (argc != 4 || sscanf(argv[3], "%u/%u", &part, &parts) != 2 || part >= parts) {
        fprintf(stderr, "usage: replay PARSERS FORMS PART/PARTS | replay --file PARSER FILE...\n");
        return 2;
    }
    struct fw_arena arena;
    struct test_random random = test_random_start("fuzz");
    const char *many = getenv("LONG");
    int rounds = many && strcmp(many, "1") == 0 ? ROUNDS_LONG : ROUNDS;
    bool good = true;
    fw_arena_init(&arena, 0);
    load(&arena, argv[1]);
    for (size_t m = part; m < sizeof(members) / sizeof(members[0]); m += parts) {
        const struct way way = {members[m].parser, NULL, members[m].stem};
        good = run_way(&way, &random, rounds) && good;
    }
    load(&arena, argv[2]);
    for (const struct fuzz_form *form = fuzz_forms; part == 0 && form->name; form++) {
        const struct way way = {NULL, form, form->name};
        good = run_way(&way, &random, rounds) && good;
    }
    fw_arena_clear(&arena);
    return good ? 0 : 1;
}
