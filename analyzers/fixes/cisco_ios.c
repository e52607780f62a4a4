/* ip access-list extended EDGE / no 30: entries with a sequence number are removed by it, others by
 * "no" in front of what they say (Cisco IOS Security Command Reference, "ip access-list", "no
 * sequence-number", "ipv6 access-list"). Numbers that are not written are not guessed: what the
 * device would number by itself changes with every resequencing. Entries of numbered lists go the
 * same way, because "no access-list 101 ..." removes the whole list. */
#include "analyzers/fixes/fix.h"

static bool is_standard(fw_sv number)
{
    uint64_t n;
    return fw_sv_u64(number, &n) && (n <= 99 || (n >= 1300 && n <= 1999));
}

fw_sv fw_fix_cisco_mode(fw_sv header, fw_sv name, struct fw_buf *room)
{
    fw_sv word;
    fw_sv rest = fw_sv_trim(header);
    bool numbered = fw_sv_starts(rest, "access-list ");
    if (!numbered && !fw_sv_starts(rest, "ip access-list ") &&
        !fw_sv_starts(rest, "ipv6 access-list ")) {
        return (fw_sv){0};
    }
    if (!numbered) {
        fw_sv last = {0};
        for (fw_sv left = rest; fw_sv_word(&left, &word);) {
            last = word;
        }
        return fw_sv_eq(last, name) && fw_fix_visible(rest) ? rest : (fw_sv){0};
    }
    fw_sv_word(&rest, &word);
    if (!fw_sv_word(&rest, &word) || !fw_sv_eq(word, name) || !fw_fix_plain(name)) {
        return (fw_sv){0};
    }
    fw_buf_printf(room, "ip access-list %s %.*s", is_standard(name) ? "standard" : "extended",
                  FW_SV_WHOLE(name));
    return fw_buf_sv(room);
}

static bool is_number(fw_sv word)
{
    uint64_t n;
    return fw_sv_u64(word, &n);
}

/* "30", "sequence 30", or all of the entry. */
static fw_sv entry_of(fw_sv line, fw_sv name)
{
    fw_sv word;
    fw_sv rest = fw_sv_trim(line);
    fw_sv entry = rest;
    if (!fw_sv_word(&rest, &word)) {
        return (fw_sv){0};
    }
    if (fw_sv_is(word, "access-list")) {
        return fw_sv_word(&rest, &word) && fw_sv_eq(word, name) ? fw_sv_trim(rest) : (fw_sv){0};
    }
    if (is_number(word)) {
        return word;
    }
    if (fw_sv_is(word, "sequence") && fw_sv_word(&rest, &word) && is_number(word)) {
        return fw_sv_sub(entry, 0, (size_t)(word.p + word.n - entry.p));
    }
    return entry;
}

bool fw_fix_cisco_entry(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    struct fw_buf room;
    fw_buf_init(&room);
    fw_sv mode = fw_fix_cisco_mode(fw_doc_line_text(doc, policy->span.line), policy->name, &room);
    fw_sv entry = entry_of(fw_doc_line_text(doc, rule->span.line), policy->name);
    bool says = is_number(entry) || fw_sv_starts(entry, "permit ") ||
                fw_sv_starts(entry, "deny ") || fw_sv_starts(entry, "sequence ");
    bool ok = mode.n > 0 && says && fw_fix_visible(entry);
    if (ok) {
        fw_buf_printf(out, "%.*s\n no %.*s\n exit\n", FW_SV_WHOLE(mode), FW_SV_WHOLE(entry));
    }
    fw_buf_clear(&room);
    return ok;
}

/* "object-group network SERVERS" is removed by "no object-group network SERVERS", a list by the
 * words that open it; of ASA, where every entry names its list, by "clear configure access-list".
 */
bool fw_fix_cisco_object(const struct fw_doc *doc, const struct fw_object *object,
                         struct fw_buf *out)
{
    fw_sv words[4];
    size_t n = 0;
    fw_sv rest = fw_sv_trim(fw_doc_line_text(doc, object->span.line));
    while (n < 4 && fw_sv_word(&rest, &words[n])) {
        n++;
    }
    size_t name = 0;
    while (name < n && !fw_sv_eq(words[name], object->name)) {
        name++;
    }
    bool opens = n > 0 && (fw_sv_is(words[0], "object") || fw_sv_is(words[0], "object-group") ||
                           fw_sv_is(words[0], "ip") || fw_sv_is(words[0], "ipv6") ||
                           fw_sv_is(words[0], "access-list") || fw_sv_is(words[0], "time-range"));
    if (!opens || name == 0 || name == n || !fw_fix_plain(object->name)) {
        return false;
    }
    fw_buf_add_cstr(out, "no");
    for (size_t i = 0; i <= name; i++) {
        fw_buf_printf(out, " %.*s", FW_SV_WHOLE(words[i]));
    }
    fw_buf_add_char(out, '\n');
    return true;
}

static bool refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                   const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                   struct fw_buf *out)
{
    return fw_fix_cisco_refuse(doc, policy, rule, lines, n, FW_FIX_WILDCARD, out);
}

const struct fw_fix_writer fw_fix_cisco_ios = {
    .format = "cisco-ios",
    .comment = "!",
    .by_words = true,
    .remove = fw_fix_cisco_entry,
    .refuse = refuse,
    .remove_object = fw_fix_cisco_object,
    .note = fw_fix_cisco_note,
    .note_max = 100,
    .remove_user = fw_fix_cisco_user,
};
