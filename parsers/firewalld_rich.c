/* The rich language as one line: firewalld.richlanguage(5).
 *   rule family="ipv4" source address="192.0.2.0/24" service name="ssh" log prefix="a" accept */
#include "parsers/firewalld.h"

/* "name="value"", or the word alone. */
struct word {
    fw_sv name, value;
    bool has_value;
};

static bool next_word(fw_sv *rest, struct word *ret)
{
    *rest = fw_sv_trim(*rest);
    size_t n = 0;
    while (n < rest->n && rest->p[n] != '=' && !fw_is_blank(rest->p[n])) {
        n++;
    }
    if (n == 0 && rest->n > 0) {
        n = 1; /* a stray "=": a word of its own, and not read */
    }
    *ret = (struct word){.name = fw_sv_sub(*rest, 0, n)};
    fw_sv after = fw_sv_sub(*rest, n, SIZE_MAX);
    if (fw_sv_starts(after, "=") && n > 0) {
        char quote = after.n > 1 ? after.p[1] : '\0';
        ret->has_value = true;
        if (quote == '"' || quote == '\'') {
            fw_sv value = fw_sv_sub(after, 2, SIZE_MAX);
            size_t end = fw_sv_find_char(value, quote);
            ret->value = fw_sv_sub(value, 0, end);
            after = end == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(value, end + 1, SIZE_MAX);
        } else {
            size_t end = 1;
            while (end < after.n && !fw_is_blank(after.p[end])) {
                end++;
            }
            ret->value = fw_sv_sub(after, 1, end - 1);
            after = fw_sv_sub(after, end, SIZE_MAX);
        }
    }
    *rest = after;
    return ret->name.n > 0;
}

static const struct {
    const char *name;
    enum fw_fwd_element element;
} elements[] = {
    {"service", FW_FWD_SERVICE},
    {"port", FW_FWD_PORT},
    {"source-port", FW_FWD_SOURCE_PORT},
    {"protocol", FW_FWD_PROTOCOL},
    {"icmp-type", FW_FWD_ICMP},
    {"icmp-block", FW_FWD_ICMP_BLOCK},
    {"forward-port", FW_FWD_FORWARD_PORT},
    {"masquerade", FW_FWD_MASQUERADE},
};

enum part { RULE, SOURCE, DESTINATION, ELEMENT, LOG, AUDIT, ACTION };

/* A word without a value begins the next part. */
static bool begin_part(fw_sv name, enum part *part, struct fw_fwd_rule *ret)
{
    for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
        if (fw_sv_is(name, elements[i].name)) {
            ret->element = elements[i].element;
            *part = ELEMENT;
            return true;
        }
    }
    bool action = fw_sv_is(name, "accept") || fw_sv_is(name, "reject") || fw_sv_is(name, "drop") ||
                  fw_sv_is(name, "mark");
    if (action) {
        ret->action = name;
        *part = ACTION;
    } else if (fw_sv_is(name, "source") || fw_sv_is(name, "destination")) {
        *part = fw_sv_is(name, "source") ? SOURCE : DESTINATION;
    } else if (fw_sv_is(name, "log") || fw_sv_is(name, "nflog")) {
        ret->log = true;
        *part = LOG;
    } else if (fw_sv_is(name, "audit")) {
        ret->audit = true;
        *part = AUDIT;
    } else if (fw_sv_is_nocase(name, "not") && (*part == SOURCE || *part == DESTINATION)) {
        (*part == SOURCE ? &ret->source : &ret->destination)->inverted = true;
    } else {
        return fw_sv_is(name, "rule") || fw_sv_is(name, "limit");
    }
    return true;
}

static bool set_side(struct fw_fwd_side *side, const struct word *word)
{
    if (fw_sv_is(word->name, "address")) {
        side->address = word->value;
    } else if (fw_sv_is(word->name, "ipset")) {
        side->ipset = word->value;
    } else if (fw_sv_is(word->name, "mac")) {
        side->mac = word->value;
    } else if (fw_sv_is(word->name, "invert")) {
        side->inverted = fw_sv_is_nocase(word->value, "true") ||
                         fw_sv_is_nocase(word->value, "yes");
    } else {
        return false;
    }
    return true;
}

static bool set_element(struct fw_fwd_rule *rule, const struct word *word)
{
    if (fw_sv_is(word->name, "name") || fw_sv_is(word->name, "port") ||
        (fw_sv_is(word->name, "value") && rule->element == FW_FWD_PROTOCOL)) {
        rule->value = word->value;
    } else if (fw_sv_is(word->name, "protocol")) {
        rule->protocol = word->value;
    } else if (fw_sv_is(word->name, "to-port")) {
        rule->to_port = word->value;
    } else if (fw_sv_is(word->name, "to-addr")) {
        rule->to_addr = word->value;
    } else {
        return false;
    }
    return true;
}

static bool number(fw_sv text, int32_t *ret)
{
    uint32_t value;
    bool minus = fw_sv_starts(text, "-");
    if (!fw_sv_u32(fw_sv_sub(text, minus, SIZE_MAX), 32768, &value)) {
        return false;
    }
    *ret = minus ? -(int32_t)value : (int32_t)value;
    return true;
}

static bool set_value(enum part part, struct fw_fwd_rule *ret, const struct word *word)
{
    switch (part) {
    case RULE:
        if (fw_sv_is(word->name, "family")) {
            ret->family = word->value;
            return true;
        }
        return fw_sv_is(word->name, "priority") && number(word->value, &ret->priority);
    case SOURCE:
    case DESTINATION:
        return set_side(part == SOURCE ? &ret->source : &ret->destination, word);
    case ELEMENT:
        return set_element(ret, word);
    case LOG: /* level, group, queue-size and limit say how much is logged, not what passes */
        ret->prefix = fw_sv_is(word->name, "prefix") ? word->value : ret->prefix;
        return true;
    case AUDIT:
        return true;
    case ACTION: /* the type of a reject is what the sender is told */
        if (fw_sv_is(word->name, "value")) {
            ret->limit = word->value;
        }
        return fw_sv_is(word->name, "value") || fw_sv_is(word->name, "type") ||
               fw_sv_is(word->name, "set") || fw_sv_is(word->name, "burst");
    }
    return false;
}

void fw_fwd_rich(fw_sv text, struct fw_fwd_rule *ret)
{
    enum part part = RULE;
    struct word word;
    while (next_word(&text, &word)) {
        bool ok = word.has_value ? set_value(part, ret, &word) : begin_part(word.name, &part, ret);
        if (!ok && ret->unread.n == 0) {
            ret->unread = word.name;
        }
    }
}
