/* What `iptables -L` prints, against what another program reads from it: every chain, and of every
 * row its target, its counters and the words it is proven by. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/json.h"
#include "core/proto.h"
#include "parsers/parser.h"
#include "tests/corpus/corpus.h"

#define FOLDER "rulesets/iptables-listing/"
#define EXPECTED ".expected.json"

struct score {
    size_t files, chains, rules, alike;
};

/* The listing's chain, whatever its table. */
static const struct fw_policy *find_chain(const struct fw_ruleset *ruleset, fw_sv name)
{
    for (size_t i = 0; i < ruleset->npolicies; i++) {
        fw_sv whole = ruleset->policies[i]->name;
        size_t slash = fw_sv_find_char(whole, '/');
        if (fw_sv_eq(slash == SIZE_MAX ? whole : fw_sv_sub(whole, slash + 1, SIZE_MAX), name)) {
            return ruleset->policies[i];
        }
    }
    return NULL;
}

/* "all", "tcp": any protocol, or this one. */
static bool same_protocol(const struct fw_rule *rule, fw_sv text)
{
    uint8_t proto;
    const struct fw_numset *set = rule->match.n > 0 ? rule->match.terms[0].proto : NULL;
    if (fw_sv_is(text, "all")) {
        return set == NULL;
    }
    return fw_proto_parse(text, &proto) && set && fw_numset_size(set) == 1 &&
           fw_numset_has(set, proto);
}

static bool same_address(const struct fw_ipset *set, fw_sv text)
{
    fw_iprange range;
    bool other = fw_sv_starts(text, "!");
    text = fw_sv_sub(text, other, SIZE_MAX);
    if (!fw_iprange_parse(text, &range, NULL)) {
        return (set == NULL) == !other; /* a name: anywhere, or one of a network we know */
    }
    unsigned bits;
    bool all = fw_iprange_is_prefix(range, &bits) && bits == 0;
    return all ? set == NULL : set && fw_ipset_has(set, range.lo) == !other;
}

static bool same_interface(const struct fw_nameset *set, const struct fw_jvalue *row,
                           const char *key)
{
    fw_sv text = fw_json_text(row, key);
    return text.p == NULL || (fw_sv_is(text, "*") ? set == NULL : set && fw_nameset_has(set, text));
}

static bool same_rule(const struct fw_rule *rule, const struct fw_jvalue *row)
{
    const struct fw_jvalue *packets = fw_json_find(row, "pkts");
    if (rule->match.n != 1) {
        return false;
    }
    const struct fw_term *term = &rule->match.terms[0];
    bool counted = !packets || packets->type != FW_JSON_NUMBER
                       ? !rule->hits.present
                       : rule->hits.present && (double)rule->hits.packets == packets->number;
    return fw_sv_eq(rule->target, fw_json_text(row, "target")) && counted &&
           same_protocol(rule, fw_json_text(row, "prot")) &&
           same_address(term->src, fw_json_text(row, "source")) &&
           same_address(term->dst, fw_json_text(row, "destination")) &&
           same_interface(term->in, row, "in") && same_interface(term->out, row, "out") &&
           (fw_sv_find(fw_json_text(row, "options"), FW_SV("ctstate")) == SIZE_MAX || term->state);
}

static void compare(const struct fw_ruleset *ruleset, const struct fw_jvalue *chains, fw_sv file,
                    struct score *score)
{
    for (size_t c = 0; c < chains->count; c++) {
        fw_sv name = fw_json_text(&chains->items[c], "chain");
        const struct fw_policy *policy = find_chain(ruleset, name);
        const struct fw_jvalue *rows = fw_json_find(&chains->items[c], "rules");
        size_t n = rows ? rows->count : 0;
        score->chains++;
        if (!policy || policy->n != n) {
            printf("differs: %.*s: chain %.*s\n", FW_SV_ARG(file), FW_SV_ARG(name));
        }
        for (size_t i = 0; i < n; i++) {
            bool same = policy && i < policy->n && same_rule(&policy->rules[i], &rows->items[i]);
            score->rules++;
            score->alike += same;
            if (!same) {
                printf("differs: %.*s: %.*s %zu\n", FW_SV_ARG(file), FW_SV_ARG(name), i + 1);
            }
        }
    }
}

static void take_file(struct fw_arena *arena, const struct corpus_file *file, void *context)
{
    struct score *score = context;
    size_t stem = file->path.n - 4; /* ".out" */
    fw_sv path = fw_arena_printf(arena, "%.*s" EXPECTED, (int)stem, file->path.p);
    struct fw_diags *diags = fw_diags_new();
    struct fw_doc doc;
    struct fw_ruleset ruleset;
    const struct fw_jvalue *expected = fw_json_parse(arena, corpus_read(arena, path.p), path, diags,
                                                     FW_DIAG_ID_BAD_VALUE);
    fw_doc_init(&doc, file->name, diags);
    if (expected && expected->type == FW_JSON_ARRAY && fw_doc_load(&doc, file->path.p) == FW_OK &&
        fw_ruleset_parse(&doc, fw_parser_find(FW_SV("iptables-listing")), &ruleset) == FW_OK) {
        score->files++;
        compare(&ruleset, expected, file->name, score);
    }
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

int main(void)
{
    struct score score = {0};
    int code = corpus_inputs(FOLDER, take_file, &score);
    if (code != 0) {
        return code;
    }
    printf("%zu listings, %zu chains, %zu rules, %zu alike\n", score.files, score.chains,
           score.rules, score.alike);
    return score.rules == 0 || score.alike != score.rules;
}
