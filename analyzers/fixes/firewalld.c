/* firewall-cmd --permanent --zone=public --remove-service=ssh: members of zones are named by what
 * they say (firewall-cmd(1)), and rich rules by all of their words, as the listing prints them. In
 * a file of a zone a rich rule is spread over elements: it is not put together again here. Members
 * of zones carry no comments. */
#include "analyzers/fixes/fix.h"

/* The members as the listing and the files call them; the option they have on the command line. */
static const struct {
    const char *key, *element, *attribute, *option;
} kinds[] = {
    {"services", "service", "name", "service"},
    {"ports", "port", "port", "port"},
    {"protocols", "protocol", "value", "protocol"},
    {"source-ports", "source-port", "port", "source-port"},
    {"icmp-blocks", "icmp-block", "name", "icmp-block"},
    {"rich rules", NULL, NULL, "rich-rule"},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* The key that a line of a listing goes on from. */
static size_t kind_of(const struct fw_doc *doc, uint32_t line)
{
    for (uint32_t at = line; at > 0; at--) {
        fw_sv text = fw_sv_trim(fw_doc_line_text(doc, at));
        fw_sv key = fw_sv_sub(text, 0, fw_sv_find_char(text, ':'));
        bool value = at == line && fw_sv_starts(text, "rule ");
        for (size_t i = 0; i < KINDS && !value; i++) {
            if (key.n < text.n && fw_sv_is(key, kinds[i].key)) {
                return i;
            }
        }
        if (key.n < text.n && !value && !fw_sv_starts(text, "rule ")) {
            break;
        }
    }
    return KINDS;
}

/* name="ssh" of an element in one line. */
static fw_sv attribute_of(fw_sv element, const char *name)
{
    struct fw_buf lead;
    fw_buf_init(&lead);
    fw_buf_printf(&lead, " %s=\"", name);
    size_t at = fw_sv_find(element, fw_buf_sv(&lead));
    fw_sv rest = fw_sv_sub(element, at == SIZE_MAX ? element.n : at + lead.n, SIZE_MAX);
    fw_buf_clear(&lead);
    return fw_sv_sub(rest, 0, fw_sv_find_char(rest, '"'));
}

/* The member as its option takes it. */
static const char *member_of(const struct fw_doc *doc, const struct fw_rule *rule,
                             struct fw_buf *ret)
{
    fw_sv line = fw_sv_trim(fw_doc_line_text(doc, rule->span.line));
    if (!fw_sv_starts(line, "<")) {
        size_t kind = kind_of(doc, rule->span.line);
        fw_buf_add(ret, fw_sv_sub(doc->text, (size_t)rule->span.offset, rule->span.length));
        return kind < KINDS ? kinds[kind].option : NULL;
    }
    for (size_t i = 0; i < KINDS && fw_sv_ends(line, "/>"); i++) {
        fw_sv rest = fw_sv_sub(line, 1, SIZE_MAX);
        fw_sv name = {0};
        fw_sv_word(&rest, &name);
        if (kinds[i].element && fw_sv_is(name, kinds[i].element)) {
            fw_sv protocol = attribute_of(line, "protocol");
            fw_buf_add(ret, attribute_of(line, kinds[i].attribute));
            fw_buf_add_cstr(ret, protocol.n > 0 ? "/" : "");
            fw_buf_add(ret, protocol);
            return kinds[i].option;
        }
    }
    return NULL;
}

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    bool zone = fw_sv_starts(policy->name, "zone/");
    fw_sv name = fw_sv_sub(policy->name, zone ? 5 : 7, SIZE_MAX);
    struct fw_buf member;
    fw_buf_init(&member);
    const char *option = rule->span.length > 0 ? member_of(doc, rule, &member) : NULL;
    fw_sv text = fw_buf_sv(&member);
    bool rich = option && option[0] == 'r';
    bool ok = option && (zone || fw_sv_starts(policy->name, "policy/")) && fw_fix_plain(name) &&
              text.n > 0 && fw_fix_visible(text) && fw_sv_find_char(text, '\'') == SIZE_MAX &&
              fw_sv_find_char(text, '&') == SIZE_MAX &&
              (rich || fw_sv_find_char(text, '"') == SIZE_MAX);
    if (ok) {
        const char *quote = rich ? "'" : "";
        fw_buf_printf(out, "firewall-cmd --permanent --%s=%.*s --remove-%s=%s%.*s%s\n",
                      zone ? "zone" : "policy", FW_SV_WHOLE(name), option, quote, FW_SV_WHOLE(text),
                      quote);
        fw_buf_add_cstr(out, "firewall-cmd --reload\n");
    }
    fw_buf_clear(&member);
    return ok;
}

const struct fw_fix_writer fw_fix_firewalld = {
    .format = "firewalld",
    .comment = "#",
    .by_span = true,
    .remove = remove_rule,
};
