/* nft delete rule inet filter input handle 12: rules are named by their handle (nft(8), "delete
 * rule"), which `nft -a list ruleset` and `nft -j list ruleset` print. A rule that became several
 * of the model (a verdict map) has one handle and goes as a whole or not at all. */
#include "analyzers/fixes/fix.h"
#include "core/proto.h"

static bool is_handle(fw_sv id)
{
    uint64_t n;
    return fw_sv_u64(id, &n);
}

/* The chain's own name: policies are named "table/chain" outside "filter". */
static fw_sv chain_of(const struct fw_policy *policy)
{
    size_t n = policy->table.n;
    bool with_table = policy->name.n > n && policy->name.p[n] == '/' &&
                      fw_sv_eq(fw_sv_sub(policy->name, 0, n), policy->table);
    return with_table ? fw_sv_sub(policy->name, n + 1, policy->name.n) : policy->name;
}

bool fw_fix_nft_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                     const struct fw_rule *rule, struct fw_buf *out)
{
    (void)doc;
    fw_sv chain = chain_of(policy);
    fw_sv table = policy->own_table;
    if (!is_handle(rule->id) || policy->family.n == 0 || !fw_fix_plain(table) ||
        !fw_fix_plain(chain)) {
        return false;
    }
    fw_buf_printf(out, "nft delete rule %.*s %.*s %.*s handle %.*s\n", FW_SV_WHOLE(policy->family),
                  FW_SV_WHOLE(table), FW_SV_WHOLE(chain), FW_SV_WHOLE(rule->id));
    return true;
}

static void add_end(struct fw_buf *out, const char *end, fw_iprange range)
{
    if (range.lo.family != 0) {
        fw_buf_printf(out, " %s %s ", range.lo.family == FW_IPV6 ? "ip6" : "ip", end);
        fw_iprange_text(out, range);
    }
}

/* Names of one interface: those of many end in '*', which a shell would expand. */
static bool add_name(struct fw_buf *out, const char *end, fw_sv name)
{
    if (name.n > 0) {
        fw_buf_printf(out, " %s %.*s", end, FW_SV_WHOLE(name));
    }
    return name.n == 0 || (fw_fix_plain(name) && name.p[name.n - 1] != '+');
}

bool fw_fix_nft_refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                       const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                       struct fw_buf *out)
{
    (void)doc;
    fw_sv chain = chain_of(policy);
    bool ok = (!rule || is_handle(rule->id)) && policy->family.n > 0 &&
              fw_fix_plain(policy->own_table) && fw_fix_plain(chain);
    for (size_t i = 0; i < n && ok; i++) {
        const struct fw_refusal *line = &lines[i];
        bool ports = line->port_lo > 0 || line->port_hi < UINT16_MAX;
        fw_buf_printf(out, "nft %s rule %.*s %.*s %.*s", rule ? "insert" : "add",
                      FW_SV_WHOLE(policy->family), FW_SV_WHOLE(policy->own_table),
                      FW_SV_WHOLE(chain));
        if (rule) {
            fw_buf_printf(out, " handle %.*s", FW_SV_WHOLE(rule->id));
        }
        ok = add_name(out, "iifname", line->in) && add_name(out, "oifname", line->out);
        add_end(out, "saddr", line->src);
        add_end(out, "daddr", line->dst);
        if (line->proto >= 0) {
            fw_buf_add_cstr(out, ports ? " " : " meta l4proto ");
            if (ports) {
                fw_proto_text(out, (uint8_t)line->proto);
            } else {
                fw_refusal_proto(out, line->proto);
            }
        }
        if (ports) {
            fw_buf_printf(out, line->port_lo < line->port_hi ? " dport %u-%u" : " dport %u",
                          line->port_lo, line->port_hi);
        }
        fw_buf_add_cstr(out, line->log ? " log drop\n" : " drop\n");
    }
    return ok;
}

/* The rule as the listing prints it in one line, without its comment and handle. */
static bool find_words(fw_sv line, const struct fw_rule *rule, fw_sv *ret)
{
    int depth = 0;
    size_t hash = fw_sv_find(line, FW_SV(" # handle "));
    fw_sv words = fw_sv_trim(fw_sv_sub(line, 0, hash));
    size_t comment = words.n > rule->comment.n + 2 ? words.n - rule->comment.n - 2 : 0;
    for (size_t i = 0; i < words.n; i++) {
        depth += (words.p[i] == '{') - (words.p[i] == '}');
    }
    if (rule->comment.n > 0) {
        words = fw_sv_eq(fw_sv_sub(words, comment + 1, rule->comment.n), rule->comment)
                    ? fw_sv_trim(fw_sv_sub(words, 0, comment))
                    : (fw_sv){0};
        words = fw_sv_ends(words, " comment") ? fw_sv_sub(words, 0, words.n - 8) : (fw_sv){0};
    }
    *ret = words;
    return hash != SIZE_MAX && words.n > 0 && depth == 0 && fw_fix_visible(words) &&
           fw_sv_eq(fw_sv_trim(fw_sv_sub(line, hash + 10, SIZE_MAX)), rule->id) &&
           fw_sv_find_char(words, '\'') == SIZE_MAX;
}

static bool note(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    fw_sv chain = chain_of(policy);
    fw_sv words;
    bool ok = is_handle(rule->id) && policy->family.n > 0 && fw_fix_plain(policy->own_table) &&
              fw_fix_plain(chain) &&
              find_words(fw_sv_trim(fw_doc_line_text(doc, rule->span.line)), rule, &words);
    if (ok) {
        fw_buf_printf(out, "nft replace rule %.*s %.*s %.*s handle %.*s '%.*s comment \"%.*s\"'\n",
                      FW_SV_WHOLE(policy->family), FW_SV_WHOLE(policy->own_table),
                      FW_SV_WHOLE(chain), FW_SV_WHOLE(rule->id), FW_SV_WHOLE(words),
                      FW_SV_WHOLE(text));
    }
    return ok;
}

/* "nft delete set inet filter old": sets and maps go by the table they stand in (nft(8), "delete
 * set"). */
static bool remove_object(const struct fw_doc *doc, const struct fw_object *object,
                          struct fw_buf *out)
{
    fw_sv words[4] = {{0}};
    fw_sv head = fw_sv_trim(fw_doc_line_text(doc, object->span.line));
    fw_sv_word(&head, &words[0]);
    fw_sv_word(&head, &words[1]);
    bool kind = fw_sv_is(words[0], "set") || fw_sv_is(words[0], "map");
    if (!kind || !fw_sv_eq(words[1], object->name) || !fw_fix_plain(object->name)) {
        return false;
    }
    for (uint32_t line = object->span.line; line > 0; line--) {
        fw_sv text = fw_sv_trim(fw_doc_line_text(doc, line));
        if (fw_sv_starts(text, "table ")) {
            text = fw_sv_sub(text, 6, SIZE_MAX);
            fw_sv_word(&text, &words[2]);
            fw_sv_word(&text, &words[3]);
            fw_buf_printf(out, "nft delete %.*s %.*s %.*s %.*s\n", FW_SV_WHOLE(words[0]),
                          FW_SV_WHOLE(words[2]), FW_SV_WHOLE(words[3]), FW_SV_WHOLE(words[1]));
            return fw_fix_plain(words[2]) && fw_fix_plain(words[3]);
        }
    }
    return false;
}

const struct fw_fix_writer fw_fix_nftables = {
    .format = "nftables",
    .comment = "#",
    .needs_id = "fix.needs_handles",
    .remove = fw_fix_nft_rule,
    .remove_object = remove_object,
    .refuse = fw_fix_nft_refuse,
    .by_name = true,
    .note = note,
    .note_max = 127,
};
