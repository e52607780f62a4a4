/* Rules as somebody wrote them, and as the kernel gave them back after loading them: the same rules
 * in the same order, by the hash of their meaning. */
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

static bool load(struct side *side, const char *path)
{
    side->diags = fw_diags_new();
    fw_doc_init(&side->doc, fw_sv_from(path), side->diags);
    return fw_doc_load(&side->doc, path) == FW_OK &&
           fw_ruleset_parse(&side->doc, fw_parser_find(FW_SV("iptables-save")), &side->ruleset) ==
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

static void compare(const struct fw_policy *written, const struct fw_policy *kernel,
                    size_t *ret_rules, size_t *ret_same, bool verbose)
{
    size_t most = written->n > kernel->n ? written->n : kernel->n;
    for (size_t i = 0; i < most; i++) {
        bool same = i < written->n && i < kernel->n &&
                    fw_sha256_eq(written->rules[i].content, kernel->rules[i].content);
        *ret_rules += 1;
        *ret_same += same;
        if (!same && verbose) {
            print_rule(written, i, "written");
            print_rule(kernel, i, "kernel ");
        }
    }
}

int main(int argc, char **argv)
{
    const char *root = corpus_root();
    struct fw_arena arena;
    struct corpus_files files;
    size_t rules = 0;
    size_t same = 0;
    size_t pairs = 0;
    bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    if (!root) {
        return CORPUS_SKIPPED;
    }
    fw_arena_init(&arena, 0);
    if (!corpus_list(&arena, root, "rulesets/iptables-save/", &files)) {
        return 1;
    }
    for (size_t f = 0; f < files.n; f++) {
        fw_sv suffix = FW_SV(".kernel-save");
        if (!fw_sv_ends(files.v[f].name, suffix.p)) {
            continue;
        }
        struct side written;
        struct side kernel;
        fw_sv path = fw_sv_sub(files.v[f].path, 0, files.v[f].path.n - suffix.n);
        bool both = load(&written, fw_arena_cstr(&arena, path));
        both = load(&kernel, files.v[f].path.p) && both;
        pairs += both;
        for (size_t p = 0; both && p < written.ruleset.npolicies; p++) {
            const struct fw_policy *policy = written.ruleset.policies[p];
            const struct fw_policy *other = fw_ruleset_find(&kernel.ruleset, policy->name);
            size_t before = same;
            size_t all = rules;
            if (other) {
                compare(policy, other, &rules, &same, verbose);
            } else {
                rules += policy->n;
            }
            if (verbose && same - before != rules - all) {
                printf("%s: %.*s\n", files.v[f].name.p, FW_SV_ARG(policy->name));
            }
        }
        unload(&written);
        unload(&kernel);
    }
    printf("%zu files, %zu rules, %zu the same\n", pairs, rules, same);
    fw_arena_clear(&arena);
    return pairs > 0 && same == rules ? 0 : 1;
}
