/* Which option a word of a rule is: of the rule itself, its target, or one of its matches; in full
 * or abbreviated, as getopt_long takes it. */
#include <string.h>

#include "core/proto.h"
#include "parsers/netfilter_match.h"

/* Looks "--dport" or "--dp" up in "--sport:1 --dport:1". An abbreviation fits one name only. */
static enum fw_nf_rank look_up(const char *options, fw_sv word, fw_sv *ret_name, size_t *ret_args)
{
    enum fw_nf_rank rank = FW_NF_NO_OPTION;
    bool ambiguous = false;
    for (const char *p = options; *p != '\0';) {
        size_t n = strcspn(p, ":");
        fw_sv name = fw_sv_of(p, n);
        size_t args = (size_t)(p[n + 1] - '0');
        p += n + 2;
        p += *p == ' ';
        if (name.n < word.n || memcmp(name.p, word.p, word.n) != 0) {
            continue;
        }
        if (name.n == word.n) {
            *ret_name = name;
            *ret_args = args;
            return FW_NF_EXACT;
        }
        ambiguous = ambiguous || rank == FW_NF_ABBREVIATED;
        rank = FW_NF_ABBREVIATED;
        *ret_name = name;
        *ret_args = args;
    }
    return ambiguous || word.n < 4 ? FW_NF_NO_OPTION : rank;
}

static const char base_options[] =
    "--append:1 --insert:1 --delete:1 --replace:1 --new-chain:1 --new:1 --delete-chain:0 "
    "--flush:0 --policy:2 --rename-chain:2 --zero:0 --list:0 --list-rules:0 --check:1 "
    "--protocol:1 --proto:1 --source:1 --src:1 --destination:1 --dst:1 --in-interface:1 "
    "--out-interface:1 --fragments:0 --jump:1 --goto:1 --match:1 --table:1 --ipv4:0 --ipv6:0 "
    "--set-counters:2 --wait:0 --wait-interval:1 --verbose:0 --numeric:0 --exact:0 "
    "--line-numbers:0 --modprobe:1";

static const struct {
    char letter;
    uint8_t args;
    const char *name;
} letters[] = {
    {'A', 1, "--append"},        {'C', 1, "--check"},        {'D', 1, "--delete"},
    {'E', 2, "--rename-chain"},  {'F', 0, "--flush"},        {'I', 1, "--insert"},
    {'L', 0, "--list"},          {'N', 1, "--new-chain"},    {'P', 2, "--policy"},
    {'R', 1, "--replace"},       {'S', 0, "--list-rules"},   {'W', 1, "--wait-interval"},
    {'X', 0, "--delete-chain"},  {'Z', 0, "--zero"},         {'4', 0, "--ipv4"},
    {'6', 0, "--ipv6"},          {'c', 2, "--set-counters"}, {'d', 1, "--destination"},
    {'f', 0, "--fragments"},     {'g', 1, "--goto"},         {'i', 1, "--in-interface"},
    {'j', 1, "--jump"},          {'m', 1, "--match"},        {'n', 0, "--numeric"},
    {'o', 1, "--out-interface"}, {'p', 1, "--protocol"},     {'s', 1, "--source"},
    {'t', 1, "--table"},         {'v', 0, "--verbose"},      {'w', 0, "--wait"},
    {'x', 0, "--exact"},
};

static void try(struct fw_nf_found *best, const char *options, fw_sv word, enum fw_nf_owner owner,
                struct fw_nf_use *use)
{
    struct fw_nf_found f = {.owner = owner, .use = use};
    if (best->rank == FW_NF_EXACT) {
        return;
    }
    f.rank = look_up(options, word, &f.name, &f.args);
    if (f.rank > best->rank) {
        *best = f;
    }
}

/* The protocol's own match, which "-p tcp --dport 22" loads without being asked. */
static const char *protocol_module(const struct fw_nf_rule *rule)
{
    static const struct {
        uint8_t proto;
        const char *module;
    } rows[] = {
        {FW_PROTO_TCP, "tcp"},         {FW_PROTO_UDP, "udp"},
        {FW_PROTO_ICMP, "icmp"},       {FW_PROTO_SCTP, "sctp"},
        {FW_PROTO_UDPLITE, "udplite"}, {FW_PROTO_DCCP, "dccp"},
        {FW_PROTO_ESP, "esp"},         {FW_PROTO_AH, "ah"},
        {FW_PROTO_ICMP6, "icmp6"},     {135, "mh"},
    };
    for (size_t i = 0; rule->has_proto && i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].proto == rule->proto) {
            return rows[i].module;
        }
    }
    return NULL;
}

struct fw_nf_found fw_nf_option_find(struct fw_nf_rule *rule, fw_sv word)
{
    struct fw_nf_found best = {.owner = FW_NF_BASE};
    if (!fw_sv_starts(word, "--")) {
        for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
            if (word.p[1] == letters[i].letter) {
                best.rank = FW_NF_EXACT;
                best.name = fw_sv_from(letters[i].name);
                best.args = letters[i].args;
                break;
            }
        }
        return best;
    }
    if (rule->target) {
        try(&best, fw_nf_target_options(rule->target), word, FW_NF_TARGET, NULL);
    }
    for (size_t i = rule->nuses; i-- > 0;) {
        if (rule->uses[i].module) {
            try(&best, fw_nf_module_options(rule->uses[i].module), word, FW_NF_USE, &rule->uses[i]);
        }
    }
    const char *module = protocol_module(rule);
    if (best.rank != FW_NF_EXACT && module) {
        const struct fw_nf_module *m = fw_nf_module_find(fw_sv_from(module));
        struct fw_nf_found implied = {.owner = FW_NF_USE};
        implied.rank = look_up(fw_nf_module_options(m), word, &implied.name, &implied.args);
        struct fw_nf_word name = {fw_sv_from(module), fw_sv_from(module)};
        if (implied.rank > best.rank && fw_nf_use(rule, &name)) {
            best = implied;
            best.use = &rule->uses[rule->nuses - 1];
        }
    }
    try(&best, base_options, word, FW_NF_BASE, NULL);
    return best;
}
