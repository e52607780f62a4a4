/* The same rules in several spellings: as somebody wrote them, as the kernel gave them back after
 * loading them, in the language of iptables and in that of nftables, as text and as JSON. */
#include <stdio.h>
#include <string.h>

#include "parsers/parser.h"
#include "policy/print.h"
#include "tests/corpus/corpus.h"

struct side {
    struct fw_doc doc;
    struct fw_diags *diags;
    struct fw_ruleset ruleset;
};

static bool load(struct side *side, const char *path, const char *format)
{
    side->diags = fw_diags_new();
    fw_doc_init(&side->doc, fw_sv_from(path), side->diags);
    return fw_doc_load(&side->doc, path) == FW_OK &&
           fw_ruleset_parse(&side->doc, fw_parser_find(fw_sv_from(format)), &side->ruleset) ==
               FW_OK;
}

static void unload(struct side *side)
{
    fw_doc_clear(&side->doc);
    fw_diags_free(side->diags);
}

static void print_rule(const struct fw_policy *policy, size_t i, const char *whose)
{
    struct fw_buf buf;
    struct fw_json json;
    fw_buf_init(&buf);
    fw_json_init(&json, &buf, 0);
    if (i < policy->n) {
        fw_rule_json(&json, policy, &policy->rules[i]);
    }
    printf("    %s: %s\n", whose, buf.p ? buf.p : "no such rule");
    fw_buf_clear(&buf);
}

/* How two spellings are compared. */
enum how {
    BY_HASH,    /* of the whole meaning */
    BY_MEANING, /* the same action for the same packets: words that widen have other names */
    BY_ORDER,   /* the same actions in the same order; the second may be wider */
};

struct spelling {
    const char *folder;
    const char *suffix, *other_suffix; /* of the files of a pair */
    const char *format, *other_format;
    enum how how;
};

/* `nft -j` does not print the arguments of what iptables added: those rules are wider there. */
static const struct spelling spellings[] = {
    {"rulesets/iptables-save/", "", ".kernel-save", "iptables-save", "iptables-save", BY_HASH},
    {"rulesets/iptables-save/", ".kernel-save", ".kernel-S", "iptables-save", "iptables-commands",
     BY_HASH},
    {"rulesets/iptables-save/", ".kernel-save", ".kernel.nft", "iptables-save", "nftables",
     BY_MEANING},
    {"rulesets/iptables-save/", ".kernel.nft", ".kernel.nft.json", "nftables", "nftables-json",
     BY_ORDER},
    {"rulesets/nftables/", ".nft", ".nft.expected.json", "nftables", "nftables-json", BY_MEANING},
};

static bool same_IP(const struct fw_ipset *a, const struct fw_ipset *b)
{
    return a && b ? fw_ipset_eq(a, b) : a == b;
}

static bool same_NUM(const struct fw_numset *a, const struct fw_numset *b)
{
    return a && b ? fw_numset_eq(a, b) : a == b;
}

static bool same_NAME(const struct fw_nameset *a, const struct fw_nameset *b)
{
    bool same = a && b ? a->negated == b->negated && a->n == b->n : a == b;
    for (size_t i = 0; same && a && i < a->n; i++) {
        same = fw_sv_eq(a->v[i], b->v[i]);
    }
    return same;
}

static bool same_packets(const struct fw_rule *a, const struct fw_rule *b)
{
    bool same = a->match.n == b->match.n;
    for (size_t i = 0; same && i < a->match.n; i++) {
        const struct fw_term *x = &a->match.terms[i];
        const struct fw_term *y = &b->match.terms[i];
        same = x->natoms == y->natoms;
#define FW_DIM(name, kind, key) same = same && same_##kind(x->name, y->name);
#include "policy/dims.def"
#undef FW_DIM
    }
    return same;
}

static bool same_rule(enum how how, const struct fw_rule *a, const struct fw_rule *b)
{
    bool order = a->action == b->action && a->position == b->position && a->log == b->log &&
                 (!fw_rule_exact(b) || fw_rule_exact(a));
    return how == BY_HASH      ? fw_sha256_eq(a->content, b->content)
           : how == BY_MEANING ? order && same_packets(a, b)
                               : order;
}

struct score {
    size_t pairs, rules, same;
};

static void compare(const struct spelling *spelling, const struct fw_policy *one,
                    const struct fw_policy *other, struct score *score, bool verbose)
{
    size_t most = one->n > other->n ? one->n : other->n;
    for (size_t i = 0; i < most; i++) {
        bool same = i < one->n && i < other->n &&
                    same_rule(spelling->how, &one->rules[i], &other->rules[i]);
        score->rules++;
        score->same += same;
        if (!same && verbose) {
            print_rule(one, i, spelling->format);
            print_rule(other, i, spelling->other_format);
        }
    }
}

/* Tables of two families may have chains of one name. */
static const struct fw_policy *find_policy(const struct fw_ruleset *ruleset,
                                           const struct fw_policy *like)
{
    for (size_t i = 0; i < ruleset->npolicies; i++) {
        const struct fw_policy *policy = ruleset->policies[i];
        if (fw_sv_eq(policy->name, like->name) && policy->families == like->families) {
            return policy;
        }
    }
    return NULL;
}

static void compare_files(const struct spelling *spelling, const char *path, const char *other_path,
                          struct score *score, bool verbose)
{
    struct side one;
    struct side other;
    bool both = load(&one, path, spelling->format);
    both = load(&other, other_path, spelling->other_format) && both;
    score->pairs += both;
    for (size_t p = 0; both && p < one.ruleset.npolicies; p++) {
        const struct fw_policy *policy = one.ruleset.policies[p];
        const struct fw_policy *found = find_policy(&other.ruleset, policy);
        struct score before = *score;
        if (found) {
            compare(spelling, policy, found, score, verbose);
        } else {
            score->rules += policy->n;
        }
        if (verbose && score->same - before.same != score->rules - before.rules) {
            printf("%s: %.*s\n", path, FW_SV_ARG(policy->name));
        }
    }
    unload(&one);
    unload(&other);
}

static struct score compare_spelling(const struct spelling *spelling,
                                     const struct corpus_files *files, struct fw_arena *arena,
                                     bool verbose)
{
    struct score score = {0};
    size_t suffix = strlen(spelling->other_suffix);
    for (size_t f = 0; f < files->n; f++) {
        if (!fw_sv_ends(files->v[f].name, spelling->other_suffix)) {
            continue;
        }
        fw_sv stem = fw_sv_sub(files->v[f].path, 0, files->v[f].path.n - suffix);
        fw_sv path = fw_arena_printf(arena, "%.*s%s", FW_SV_ARG(stem), spelling->suffix);
        compare_files(spelling, path.p, files->v[f].path.p, &score, verbose);
    }
    printf("%s%s and %s: %zu pairs, %zu rules, %zu the same\n", spelling->folder, spelling->suffix,
           spelling->other_suffix, score.pairs, score.rules, score.same);
    return score;
}

int main(int argc, char **argv)
{
    const char *root = corpus_root();
    struct fw_arena arena;
    bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    bool good = true;
    if (!root) {
        return CORPUS_SKIPPED;
    }
    fw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        struct corpus_files files;
        if (!corpus_list(&arena, root, spellings[i].folder, &files)) {
            return 1;
        }
        struct score score = compare_spelling(&spellings[i], &files, &arena, verbose);
        good = good && score.pairs > 0 && score.same == score.rules;
    }
    fw_arena_clear(&arena);
    return good ? 0 : 1;
}
