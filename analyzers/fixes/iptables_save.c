/* iptables -t filter -D FORWARD 12: rules are named by their number in the chain (iptables(8)). */
#include <inttypes.h>
#include <string.h>

#include "analyzers/fixes/fix.h"

/* "iptables -t filter", and the chain's own name; false: they cannot be written safely. */
static bool names_of(const struct fw_policy *policy, fw_sv *ret_table, fw_sv *ret_chain)
{
    fw_sv table = policy->table.n > 0 ? policy->table : FW_SV("filter");
    fw_sv chain = policy->name;
    if (chain.n > table.n && chain.p[table.n] == '/' &&
        fw_sv_eq(fw_sv_sub(chain, 0, table.n), table)) {
        chain = fw_sv_sub(chain, table.n + 1, chain.n);
    }
    *ret_table = table;
    *ret_chain = chain;
    return fw_fix_plain(table) && fw_fix_plain(chain);
}

static const char *command_of(const struct fw_policy *policy)
{
    return policy->families == FW_FAMILY_BIT6 ? "ip6tables" : "iptables";
}

bool fw_fix_iptables_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                          const struct fw_rule *rule, struct fw_buf *out)
{
    (void)doc;
    fw_sv table;
    fw_sv chain;
    if (!names_of(policy, &table, &chain)) {
        return false;
    }
    fw_buf_printf(out, "%s -t %.*s -D %.*s %" PRIu32 "\n", command_of(policy), FW_SV_WHOLE(table),
                  FW_SV_WHOLE(chain), rule->position);
    return true;
}

static void add_option(struct fw_buf *out, const char *option, fw_sv value)
{
    if (value.n > 0) {
        fw_buf_printf(out, " %s %.*s", option, FW_SV_WHOLE(value));
    }
}

static void add_end(struct fw_buf *out, const char *option, fw_iprange range)
{
    if (range.lo.family != 0) {
        fw_buf_printf(out, " %s ", option);
        fw_iprange_text(out, range);
    }
}

/* "-I FORWARD 12" or "-A FORWARD", what the line says, and where its packets go. */
static bool add_line(const struct fw_policy *policy, const struct fw_rule *rule,
                     const struct fw_refusal *line, const char *target, struct fw_buf *out)
{
    fw_sv table;
    fw_sv chain;
    if (!names_of(policy, &table, &chain)) {
        return false;
    }
    fw_buf_printf(out, "%s -t %.*s %s %.*s", command_of(policy), FW_SV_WHOLE(table),
                  rule ? "-I" : "-A", FW_SV_WHOLE(chain));
    if (rule) {
        fw_buf_printf(out, " %" PRIu32, rule->position);
    }
    add_option(out, "-i", line->in);
    add_option(out, "-o", line->out);
    add_end(out, "-s", line->src);
    add_end(out, "-d", line->dst);
    if (line->proto >= 0) {
        fw_buf_add_cstr(out, " -p ");
        fw_refusal_proto(out, line->proto);
    }
    if (line->port_lo > 0 || line->port_hi < UINT16_MAX) {
        fw_buf_printf(out, line->port_lo < line->port_hi ? " --dport %u:%u" : " --dport %u",
                      line->port_lo, line->port_hi);
    }
    fw_buf_printf(out, " -j %s\n", target);
    return (line->in.n == 0 || fw_fix_plain(line->in)) &&
           (line->out.n == 0 || fw_fix_plain(line->out));
}

/* Every line in front of a rule goes to the same place: the next pushes it down, which is all the
 * same to denials; what logs comes after what it shall precede. */
bool fw_fix_iptables_refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                            const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                            struct fw_buf *out)
{
    (void)doc;
    bool ok = policy->families != FW_FAMILY_BOTH;
    for (size_t i = 0; i < n && ok; i++) {
        const char *first = rule || !lines[i].log ? "DROP" : "LOG";
        ok = add_line(policy, rule, &lines[i], first, out) &&
             (!lines[i].log || add_line(policy, rule, &lines[i], rule ? "LOG" : "DROP", out));
    }
    return ok;
}

/* What iptables-save prints means the same to a shell: words, and quotes without anything in them
 * that acts. */
static bool is_plain_line(fw_sv text)
{
    size_t quotes = 0;
    for (size_t i = 0; i < text.n; i++) {
        quotes += text.p[i] == '"';
        if (!fw_is_word(text.p[i]) && !strchr(" -.,:/!@%+=\"", text.p[i])) {
            return false;
        }
    }
    return quotes % 2 == 0 && fw_fix_visible(text);
}

/* The line without its comment. */
static bool cut_comment(fw_sv line, fw_sv comment, fw_sv *ret_before, fw_sv *ret_after)
{
    static const char option[] = "-m comment --comment ";
    size_t at = fw_sv_find(line, FW_SV("-m comment --comment "));
    *ret_before = line;
    *ret_after = (fw_sv){0};
    if (at == SIZE_MAX) {
        return comment.n == 0;
    }
    fw_sv rest = fw_sv_sub(line, at + sizeof(option) - 1, SIZE_MAX);
    bool quoted = fw_sv_starts(rest, "\"");
    fw_sv value = fw_sv_sub(rest, quoted, comment.n);
    size_t end = comment.n + 2 * (size_t)quoted;
    *ret_before = fw_sv_sub(line, 0, at);
    *ret_after = fw_sv_sub(rest, end, SIZE_MAX);
    return fw_sv_eq(value, comment) && (rest.n <= end || rest.p[end] == ' ') &&
           (!quoted || rest.p[end - 1] == '"') &&
           fw_sv_find(*ret_after, FW_SV("--comment")) == SIZE_MAX;
}

/* "-R FORWARD 12" and the rule as it is written. The device counts its packets from zero again. */
bool fw_fix_iptables_note(const struct fw_doc *doc, const struct fw_policy *policy,
                          const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    fw_sv table;
    fw_sv chain;
    fw_sv before;
    fw_sv after;
    fw_sv line = fw_sv_trim(fw_doc_line_text(doc, rule->span.line));
    bool ok = names_of(policy, &table, &chain);
    struct fw_buf lead;
    fw_buf_init(&lead);
    fw_buf_printf(&lead, "-A %.*s ", FW_SV_WHOLE(chain));
    size_t at = fw_sv_find(line, fw_buf_sv(&lead));
    line = fw_sv_sub(line, at == SIZE_MAX ? line.n : at + lead.n, SIZE_MAX);
    fw_buf_clear(&lead);
    ok = ok && policy->families != FW_FAMILY_BOTH && is_plain_line(line) && line.n > 0 &&
         cut_comment(line, rule->comment, &before, &after);
    if (ok) {
        fw_buf_printf(out,
                      "%s -t %.*s -R %.*s %" PRIu32 " -m comment --comment \"%.*s\" %.*s%.*s\n",
                      command_of(policy), FW_SV_WHOLE(table), FW_SV_WHOLE(chain), rule->position,
                      FW_SV_WHOLE(text), FW_SV_WHOLE(before), FW_SV_WHOLE(fw_sv_trim(after)));
    }
    return ok;
}

const struct fw_fix_writer fw_fix_iptables_save = {
    .format = "iptables-save",
    .comment = "#",
    .remove = fw_fix_iptables_rule,
    .refuse = fw_fix_iptables_refuse,
    .by_name = true,
    .note = fw_fix_iptables_note,
    .note_max = 255,
};
