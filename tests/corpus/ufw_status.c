/* What `ufw status` prints, against what another program reads from it: of every rule its number,
 * action, addresses, protocol, ports, interface and comment. */
#include <stdio.h>
#include <string.h>

#include "core/json.h"
#include "core/proto.h"
#include "parsers/parser.h"
#include "tests/corpus/corpus.h"

#define FOLDER "rulesets/ufw-status/"

struct score {
    size_t files, rules, alike;
};

/* The rule of this number, in whichever direction. */
static const struct fw_rule *find_rule(const struct fw_ruleset *ruleset, size_t number)
{
    char id[24];
    snprintf(id, sizeof(id), "%zu", number);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t i = 0; i < policy->n; i++) {
            if (fw_sv_is(policy->rules[i].id, id)) {
                return &policy->rules[i];
            }
        }
    }
    return NULL;
}

static uint64_t number_of(const struct fw_jvalue *row, const char *key)
{
    const struct fw_jvalue *v = fw_json_find(row, key);
    uint64_t number = UINT64_MAX;
    return v && v->type == FW_JSON_NUMBER && fw_sv_u64(v->text, &number) ? number : UINT64_MAX;
}

static bool same_address(const struct fw_ipset *set, fw_sv ip, uint64_t bits)
{
    fw_ip address;
    fw_iprange range;
    if (!fw_ip_parse(ip, &address) ||
        !fw_iprange_from_prefix(address, (unsigned)(bits & 255), &range)) {
        return false;
    }
    return set ? set->n == 1 && fw_ip_eq(set->v[0].lo, range.lo) && fw_ip_eq(set->v[0].hi, range.hi)
               : bits == 0;
}

static bool has_ports(const struct fw_numset *set, const struct fw_jvalue *row)
{
    const struct fw_jvalue *one = fw_json_find(row, "to_ports");
    const struct fw_jvalue *ranges = fw_json_find(row, "to_port_ranges");
    uint64_t size = 0;
    bool ok = true;
    for (size_t i = 0; one && i < one->count; i++) {
        ok = ok && set && fw_numset_has(set, (uint32_t)one->items[i].number);
        size++;
    }
    for (size_t i = 0; ranges && i < ranges->count; i++) {
        uint64_t from = number_of(&ranges->items[i], "start");
        uint64_t to = number_of(&ranges->items[i], "end");
        if (from == 0 && to == UINT16_MAX) {
            return ok && set == NULL;
        }
        ok = ok && set && fw_numset_has(set, (uint32_t)from) && fw_numset_has(set, (uint32_t)to);
        size += to - from + 1;
    }
    return ok && (size == 0 || (set && fw_numset_size(set) == size));
}

static bool same_rule(const struct fw_rule *rule, const struct fw_jvalue *row)
{
    const struct fw_term *term = rule->match.n > 0 ? &rule->match.terms[0] : NULL;
    fw_sv transport = fw_json_text(row, "to_transport");
    fw_sv interface = fw_json_text(row, "to_interface");
    uint8_t proto;
    bool named = fw_json_text(row, "to_service").n > 0;
    if (!term) {
        return false;
    }
    bool any = transport.n == 0 || fw_sv_is(transport, "any");
    bool protocol = any || (fw_proto_parse(transport, &proto) && term->proto &&
                            fw_numset_has(term->proto, proto) && rule->match.n == 1);
    bool place = fw_sv_is(interface, "any") ? !term->in
                                            : term->in && fw_nameset_has(term->in, interface);
    return fw_sv_eq(rule->target, fw_json_text(row, "action")) && protocol && place &&
           fw_sv_eq(rule->comment, fw_json_text(row, "comment")) &&
           same_address(term->src, fw_json_text(row, "from_ip"),
                        number_of(row, "from_ip_prefix")) &&
           same_address(term->dst, fw_json_text(row, "to_ip"), number_of(row, "to_ip_prefix")) &&
           (named ? term->natoms == 1 : has_ports(term->dport, row));
}

static void take_file(struct fw_arena *arena, const struct corpus_file *file, void *context)
{
    struct score *score = context;
    fw_sv path = fw_arena_printf(arena, "%.*s.expected.json", (int)file->path.n - 4, file->path.p);
    struct fw_diags *diags = fw_diags_new();
    struct fw_doc doc;
    struct fw_ruleset ruleset;
    const struct fw_jvalue *expected = fw_json_parse(arena, corpus_read(arena, path.p), path, diags,
                                                     FW_DIAG_ID_BAD_VALUE);
    const struct fw_jvalue *rows = expected && expected->type == FW_JSON_OBJECT
                                       ? fw_json_find(expected, "rules")
                                       : NULL;
    fw_doc_init(&doc, file->name, diags);
    if (rows && fw_doc_load(&doc, file->path.p) == FW_OK &&
        fw_ruleset_parse(&doc, fw_parser_find(FW_SV("ufw")), &ruleset) == FW_OK) {
        score->files++;
        for (size_t i = 0; i < rows->count; i++) {
            const struct fw_rule *rule = find_rule(&ruleset, i + 1);
            bool same = rule && same_rule(rule, &rows->items[i]);
            score->rules++;
            score->alike += same;
            if (!same) {
                printf("differs: %.*s: rule %zu\n", FW_SV_ARG(file->name), i + 1);
            }
        }
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
    printf("%zu listings, %zu rules, %zu alike\n", score.files, score.rules, score.alike);
    return score.rules == 0 || score.alike != score.rules;
}
