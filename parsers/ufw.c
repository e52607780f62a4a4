/* Ubuntu's uncomplicated firewall: `ufw status`, with verbose and numbered, and the profiles that
 * `ufw app info` prints.
 *   Status: active
 *   Default: deny (incoming), allow (outgoing), disabled (routed)
 *   [ 1] 80,443/tcp on eth0         ALLOW IN    192.0.2.0/24               # web
 * What before.rules and after.rules add is not shown: a rule that may decide anything stands for
 * them. (user.rules itself is what iptables-restore reads.) */
#include "core/proto.h"
#include "parsers/choice.h"
#include "parsers/maker.h"
#include "parsers/parser.h"

enum way { IN, OUT, FWD, WAYS };

enum { PROFILE_SPACE = 1 };

struct ufw {
    struct fw_maker maker;
    struct fw_things profiles;
    struct fw_thing *profile;  /* whose ports are being listed */
    struct fw_choosing chosen; /* those listed so far */
    bool ports;                /* below "Ports:" */
    bool inactive;
    struct fw_policy *policies[WAYS];
    uint32_t count; /* of rules, over all ways */
};

/* --- Ports and profiles --- */

/* "80,443/tcp", "6881:6889", "any/udp". Without a protocol: tcp and udp, as ufw(8) says. */
static bool read_service(struct fw_arena *arena, fw_sv text, struct fw_choosing *ret)
{
    struct fw_numrange *v = NULL;
    size_t n = 0;
    size_t slash = fw_sv_find_char(text, '/');
    fw_sv list = fw_sv_sub(text, 0, slash);
    fw_sv piece;
    uint8_t proto = 0;
    if (slash != SIZE_MAX && !fw_proto_parse(fw_sv_sub(text, slash + 1, SIZE_MAX), &proto)) {
        return false;
    }
    bool any = fw_sv_is(list, "any");
    while (!any && fw_sv_split(&list, ',', &piece)) {
        struct fw_numrange range;
        if (piece.n == 0 || !fw_is_digit(piece.p[0]) || !fw_port_range(piece, ':', &range)) {
            return false;
        }
        v = fw_arena_push(arena, v, n, sizeof(*v));
        v[n++] = range;
    }
    if (n == 0 && !any) {
        return false;
    }
    const struct fw_numset *set = any ? NULL : fw_numset_make(arena, v, n);
    if (slash != SIZE_MAX) {
        fw_choosing_term(ret, fw_term_ports(arena, proto, NULL, set));
        return true;
    }
    fw_choosing_term(ret, fw_term_ports(arena, FW_PROTO_TCP, NULL, set));
    fw_choosing_term(ret, fw_term_ports(arena, FW_PROTO_UDP, NULL, set));
    return true;
}

/* When all of its ports were read: each line for itself would copy those before. */
static void end_profile(struct ufw *ufw)
{
    if (ufw->profile) {
        fw_thing_settle(ufw->profile, fw_choosing_done(&ufw->chosen));
        ufw->profile = NULL;
    }
}

static void start_profile(struct ufw *ufw, fw_sv name, fw_sv text, uint32_t line)
{
    end_profile(ufw);
    ufw->profile = fw_things_add(&ufw->profiles, (fw_sv){0}, PROFILE_SPACE, name,
                                 FW_OBJECT_SERVICE);
    ufw->profile->object->defined = true;
    ufw->profile->object->vendor = true; /* packages bring them: nobody's to clean up */
    ufw->profile->object->span = fw_doc_span(ufw->maker.doc, text, line);
    fw_choosing_init(&ufw->chosen, &ufw->maker.doc->arena);
    ufw->ports = false;
}

static void add_ports(struct ufw *ufw, fw_sv text, uint32_t line)
{
    struct fw_doc *doc = ufw->maker.doc;
    if (!read_service(&doc->arena, text, &ufw->chosen)) {
        fw_doc_bad(doc, line, text, "expected ports as 80,443/tcp");
        fw_choosing_atom(&ufw->chosen, fw_atom_make(FW_ATOM_FIXED, text, false));
    }
}

/* --- One side of a rule: "10.0.0.1 80,443/tcp (v6) on eth0" --- */

struct side {
    bool six, has_address, has_service;
    fw_iprange address;
    fw_sv interface, name; /* of an application */
    bool has_proto;
    uint8_t proto;
    struct fw_choice service;
};

static bool strip(fw_sv *text, const char *end)
{
    if (!fw_sv_ends(*text, end)) {
        return false;
    }
    *text = fw_sv_trim(fw_sv_sub(*text, 0, text->n - strlen(end)));
    return true;
}

/* "10.4.0.0/16/esp", "Anywhere/tcp": the protocol is taken off. */
static fw_sv cut_protocol(fw_sv word, struct side *side)
{
    size_t at = word.n;
    while (at > 0 && word.p[at - 1] != '/') {
        at--;
    }
    if (at > 0 && fw_is_alpha(at < word.n ? word.p[at] : '0') &&
        fw_proto_parse(fw_sv_sub(word, at, SIZE_MAX), &side->proto)) {
        side->has_proto = true;
        return fw_sv_sub(word, 0, at - 1);
    }
    return word;
}

static struct side read_side(struct ufw *ufw, fw_sv text)
{
    struct fw_arena *scratch = &ufw->maker.doc->scratch;
    struct side side = {0};
    size_t on = fw_sv_find(text, FW_SV(" on "));
    if (on != SIZE_MAX) {
        side.interface = fw_sv_trim(fw_sv_sub(text, on + 4, SIZE_MAX));
        text = fw_sv_trim(fw_sv_sub(text, 0, on));
        side.six = strip(&side.interface, "(v6)");
    }
    side.six = strip(&text, "(v6)") || side.six;
    size_t paren = fw_sv_find(text, FW_SV(" ("));
    if (paren != SIZE_MAX && fw_sv_ends(text, ")")) { /* verbose: "22/tcp (OpenSSH)" */
        text = fw_sv_trim(fw_sv_sub(text, 0, paren));
    }
    fw_sv rest = text;
    fw_sv word = {0};
    fw_sv_word(&rest, &word);
    struct side cut = side;
    fw_sv address = cut_protocol(word, &cut);
    bool anywhere = fw_sv_is(address, "Anywhere");
    if (anywhere || fw_iprange_parse(address, &cut.address, NULL)) {
        side = cut;
        side.has_address = !anywhere;
        side.six = side.six || (side.has_address && side.address.lo.family == FW_IPV6);
        text = fw_sv_trim(rest);
    }
    if (text.n == 0) {
        return side;
    }
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, scratch);
    side.has_service = true;
    const struct fw_thing *profile = fw_things_find(&ufw->profiles, (fw_sv){0}, PROFILE_SPACE,
                                                    text);
    if (profile) {
        fw_choosing_add(&choosing, profile->choice);
        side.name = text;
    } else if (!read_service(scratch, text, &choosing)) {
        const fw_sv words[] = {FW_SV("application"), text};
        struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(scratch, words, 2), false);
        atom.outside = true;
        fw_choosing_atom(&choosing, atom);
        side.name = text;
    }
    side.service = fw_choosing_done(&choosing);
    return side;
}

/* --- Rules --- */

/* A rule that nobody can read. */
static void add_unread(struct ufw *ufw, struct fw_policy *policy, fw_sv why, fw_span span)
{
    struct fw_doc *doc = ufw->maker.doc;
    struct fw_rule rule = {
        .action = FW_ACTION_UNKNOWN, .target = why, .enabled = true, .span = span};
    struct fw_terms terms;
    fw_terms_init(&terms, &doc->scratch, policy->families);
    fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, why, false));
    fw_maker_rule(&ufw->maker, policy, &rule, &terms);
}

static struct fw_policy *policy_of(struct ufw *ufw, enum way way, uint32_t line)
{
    static const fw_sv names[] = {FW_SV_INIT("incoming"), FW_SV_INIT("outgoing"),
                                  FW_SV_INIT("routed")};
    static const enum fw_hook hooks[] = {FW_HOOK_INPUT, FW_HOOK_OUTPUT, FW_HOOK_FORWARD};
    struct fw_doc *doc = ufw->maker.doc;
    if (!ufw->policies[way]) {
        struct fw_policy *policy = fw_maker_policy(&ufw->maker, names[way], FW_FAMILY_BOTH);
        policy->hook = hooks[way];
        policy->span = fw_doc_span(doc, (fw_sv){0}, line);
        policy->fallback = FW_ACTION_UNKNOWN; /* until "Default:" says it */
        ufw->policies[way] = policy;
        if (!ufw->inactive) { /* what comes first is in files that the listing does not show */
            add_unread(ufw, policy, FW_SV("before.rules is not listed"), policy->span);
        }
    }
    return ufw->policies[way];
}

static void add_side(struct fw_terms *terms, const struct side *side, bool destination, bool in)
{
    struct fw_arena *scratch = terms->scratch;
    if (side->has_address) {
        struct fw_term term = {0};
        *(destination ? &term.dst : &term.src) = fw_ipset_make(scratch, &side->address, 1);
        fw_terms_and(terms, &term, 1);
    }
    if (side->interface.n > 0) {
        fw_terms_names(terms, &side->interface, 1, !in, false);
    }
    if (side->has_proto) {
        struct fw_term term = fw_term_proto(scratch, side->proto);
        fw_terms_and(terms, &term, 1);
    }
    if (side->has_service && !destination) { /* the ports are those of the source */
        struct fw_term *v = fw_new_array(scratch, side->service.n, struct fw_term);
        for (size_t i = 0; i < side->service.n; i++) {
            v[i] = side->service.v[i];
            v[i].sport = v[i].dport;
            v[i].dport = NULL;
        }
        fw_terms_and(terms, v, side->service.n);
    } else if (side->has_service) {
        fw_terms_and(terms, side->service.v, side->service.n);
    }
}

struct row {
    fw_sv number, to, action, way, from, comment;
    bool log;
};

static const struct {
    const char *word;
    enum fw_action action;
} actions[] = {
    {"ALLOW", FW_ACTION_PERMIT},
    {"DENY", FW_ACTION_DENY},
    {"REJECT", FW_ACTION_REJECT},
    {"LIMIT", FW_ACTION_UNKNOWN}, /* permits, and refuses whoever comes too often */
};

static bool find_action(fw_sv word, enum fw_action *ret)
{
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (fw_sv_is(word, actions[i].word)) {
            *ret = actions[i].action;
            return true;
        }
    }
    return false;
}

/* Columns run into each other where one is long: the action's word parts them. */
static bool split_row(fw_sv text, struct row *ret)
{
    struct row row = {0};
    enum fw_action action;
    if (fw_sv_starts(text, "[")) {
        size_t end = fw_sv_find_char(text, ']');
        if (end == SIZE_MAX) {
            return false;
        }
        row.number = fw_sv_trim(fw_sv_sub(text, 1, end - 1));
        text = fw_sv_trim(fw_sv_sub(text, end + 1, SIZE_MAX));
    }
    fw_sv rest = text;
    fw_sv word = {0};
    while (fw_sv_word(&rest, &word) && !(find_action(word, &action) && word.p > text.p)) {
    }
    if (word.n == 0 || word.p == text.p || !find_action(word, &action)) {
        return false;
    }
    row.action = word;
    row.to = fw_sv_trim(fw_sv_sub(text, 0, (size_t)(word.p - text.p)));
    fw_sv after = rest;
    if (fw_sv_word(&after, &word) &&
        (fw_sv_is(word, "IN") || fw_sv_is(word, "OUT") || fw_sv_is(word, "FWD"))) {
        row.way = word;
        rest = after;
    }
    size_t hash = fw_sv_find(rest, FW_SV(" # "));
    if (hash != SIZE_MAX) {
        row.comment = fw_sv_trim(fw_sv_sub(rest, hash + 3, SIZE_MAX));
        rest = fw_sv_sub(rest, 0, hash);
    }
    row.from = fw_sv_trim(rest);
    row.log = strip(&row.from, "(log)") || strip(&row.from, "(log-all)") ||
              strip(&row.from, "(log, out)") || strip(&row.from, "(log-all, out)");
    strip(&row.from, "(out)");
    *ret = row;
    return row.from.n > 0;
}

static void add_rule(struct ufw *ufw, const struct row *row, fw_sv text, uint32_t line)
{
    struct fw_doc *doc = ufw->maker.doc;
    enum way way = fw_sv_is(row->way, "OUT") ? OUT : fw_sv_is(row->way, "FWD") ? FWD : IN;
    struct fw_policy *policy = policy_of(ufw, way, line);
    struct side to = read_side(ufw, row->to);
    struct side from = read_side(ufw, row->from);
    bool six = to.six || from.six;
    ufw->count++;
    struct fw_rule rule = {
        .id = row->number,
        .name = to.name,
        .comment = row->comment,
        .target = row->action,
        .enabled = true,
        .log = row->log,
        .span = fw_doc_span(doc, text, line),
    };
    find_action(row->action, &rule.action);
    if (rule.id.n == 0) {
        rule.id = fw_arena_printf(&doc->arena, "%u", ufw->count);
    }
    struct fw_terms terms;
    fw_terms_init(&terms, &doc->scratch, FW_FAMILY_BOTH);
    fw_terms_family(&terms, six ? FW_IPV6 : FW_IPV4);
    if (rule.action == FW_ACTION_UNKNOWN) {
        fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("limit"), false));
    }
    /* A route's interfaces stand where the packet is; others where the host is (ufw(8)). */
    add_side(&terms, &to, true, way == IN);
    add_side(&terms, &from, false, way != OUT);
    fw_maker_rule(&ufw->maker, policy, &rule, &terms);
    fw_doc_mark(doc, line, FW_LINE_USED);
}

/* --- Lines about the whole --- */

/* "deny (incoming), allow (outgoing), disabled (routed)" */
static void read_default(struct ufw *ufw, fw_sv text, fw_sv line_text, uint32_t line)
{
    static const char *const ways[] = {"(incoming)", "(outgoing)", "(routed)"};
    struct fw_doc *doc = ufw->maker.doc;
    fw_sv piece;
    fw_doc_mark(doc, line, FW_LINE_USED);
    while (fw_sv_split(&text, ',', &piece)) {
        fw_sv verb = {0};
        fw_sv which = {0};
        fw_sv_word(&piece, &verb);
        fw_sv_word(&piece, &which);
        bool known = fw_sv_is(verb, "deny") || fw_sv_is(verb, "allow") ||
                     fw_sv_is(verb, "reject") || fw_sv_is(verb, "disabled");
        for (int i = 0; known && i < WAYS; i++) {
            if (fw_sv_is(which, ways[i])) {
                struct fw_policy *policy = policy_of(ufw, (enum way)i, line);
                policy->fallback = fw_sv_is(verb, "allow")    ? FW_ACTION_PERMIT
                                   : fw_sv_is(verb, "reject") ? FW_ACTION_REJECT
                                                              : FW_ACTION_DENY;
                policy->fallback_explicit = true;
                policy->fallback_span = fw_doc_span(doc, line_text, line);
                which = (fw_sv){0};
            }
        }
        if (!known || which.n > 0) {
            fw_doc_bad(doc, line, verb, "expected allow, deny, reject or disabled and a direction");
        }
    }
}

static void read_status(struct ufw *ufw, fw_sv value, fw_sv text, uint32_t line)
{
    struct fw_doc *doc = ufw->maker.doc;
    if (fw_sv_is(value, "active")) {
        fw_doc_mark(doc, line, FW_LINE_USED);
    } else if (fw_sv_is(value, "inactive")) { /* nothing is filtered */
        fw_doc_mark(doc, line, FW_LINE_USED);
        ufw->inactive = true;
        for (int i = 0; i < WAYS; i++) {
            struct fw_policy *policy = policy_of(ufw, (enum way)i, line);
            policy->fallback = FW_ACTION_PERMIT;
            policy->fallback_explicit = true;
            policy->fallback_span = fw_doc_span(doc, text, line);
        }
    } else {
        fw_doc_bad(doc, line, value, "expected active or inactive");
    }
}

static void read_logging(struct ufw *ufw, fw_sv value, fw_sv text, uint32_t line)
{
    struct fw_doc *doc = ufw->maker.doc;
    bool off = fw_sv_starts(value, "off");
    size_t paren = fw_sv_find_char(value, '(');
    fw_sv level = paren == SIZE_MAX ? value : fw_sv_sub(value, paren + 1, value.n - paren - 2);
    fw_maker_setting(&ufw->maker, off ? FW_SETTING_LOG_OFF : FW_SETTING_LOG_LEVEL, level,
                     (fw_sv){0}, fw_doc_span(doc, text, line));
    fw_doc_mark(doc, line, FW_LINE_USED);
}

/* "Key: value" with one of these keys. */
static bool keyed(fw_sv text, const char *key, fw_sv *ret)
{
    if (!fw_sv_starts(text, key)) {
        return false;
    }
    *ret = fw_sv_trim(fw_sv_sub(text, strlen(key), SIZE_MAX));
    return true;
}

static bool is_line(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '-' && p[i] != ' ') {
            return false;
        }
    }
    return n > 0;
}

static void read_line(struct ufw *ufw, fw_sv text, uint32_t line)
{
    struct fw_doc *doc = ufw->maker.doc;
    struct row row;
    fw_sv value;
    bool indented = fw_sv_starts(text, " ");
    text = fw_sv_trim(text);
    if (text.n == 0 || is_line(text.p, text.n)) {
        fw_doc_mark(doc, line, FW_LINE_IGNORED);
    } else if (ufw->profile && ufw->ports && indented) {
        fw_doc_mark(doc, line, FW_LINE_USED);
        add_ports(ufw, text, line);
    } else if (keyed(text, "Status:", &value)) {
        read_status(ufw, value, text, line);
    } else if (keyed(text, "Logging:", &value)) {
        read_logging(ufw, value, text, line);
    } else if (keyed(text, "Default:", &value)) {
        read_default(ufw, value, text, line);
    } else if (keyed(text, "Profile:", &value)) {
        fw_doc_mark(doc, line, FW_LINE_USED);
        start_profile(ufw, value, text, line);
    } else if (keyed(text, "Ports:", &value) || keyed(text, "Port:", &value)) {
        fw_doc_mark(doc, line, FW_LINE_USED);
        ufw->ports = true;
    } else if (keyed(text, "New profiles:", &value) || keyed(text, "Title:", &value) ||
               keyed(text, "Description:", &value)) {
        fw_doc_mark(doc, line, FW_LINE_IGNORED); /* of profiles to come, and about them */
    } else if (fw_sv_starts(text, "To ") && fw_sv_ends(text, "From")) {
        fw_doc_mark(doc, line, FW_LINE_USED);
    } else if (split_row(text, &row)) {
        add_rule(ufw, &row, text, line);
    } else if (fw_sv_find(text, FW_SV("ufw status")) != SIZE_MAX ||
               fw_sv_find(text, FW_SV("ufw app ")) != SIZE_MAX) {
        fw_doc_mark(doc, line, FW_LINE_IGNORED); /* the command that was typed */
    } else {
        fw_doc_bad(doc, line, text, "expected a rule as TO ACTION FROM");
        for (int i = 0; i < WAYS; i++) { /* whose rule it is cannot be told either */
            add_unread(ufw, policy_of(ufw, (enum way)i, line), FW_SV("row is not understood"),
                       fw_doc_span(doc, text, line));
        }
    }
}

/* Profiles may come after the rules that name them. */
static void read_lines(struct ufw *ufw, bool profiles)
{
    struct fw_doc *doc = ufw->maker.doc;
    uint64_t offset = 0;
    uint32_t line = 0;
    bool inside = false;
    fw_sv text;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        fw_sv trimmed = fw_sv_trim(text);
        bool start = fw_sv_starts(trimmed, "Profile:");
        if (fw_sv_starts(trimmed, "Status:")) {
            inside = false;
            end_profile(ufw);
        }
        inside = inside || start;
        if (inside == profiles) {
            read_line(ufw, text, line);
            fw_arena_reset(&doc->scratch);
        }
    }
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct ufw *ufw = fw_new(&doc->arena, struct ufw);
    fw_maker_init(&ufw->maker, doc, ret);
    fw_things_init(&ufw->profiles, &doc->arena, ret);
    read_lines(ufw, true);
    end_profile(ufw);
    read_lines(ufw, false);
    fw_things_finish(&ufw->profiles);
    fw_maker_finish(&ufw->maker);
}

static int bid(fw_sv head)
{
    bool status = false;
    bool profile = false;
    fw_sv text;
    while (fw_sv_split(&head, '\n', &text)) {
        text = fw_sv_trim(text);
        status = status || fw_sv_is(text, "Status: active") || fw_sv_is(text, "Status: inactive");
        if (status && fw_sv_starts(text, "To ") && fw_sv_ends(text, "From")) {
            return FW_BID_SURE;
        }
        if (profile && (fw_sv_is(text, "Ports:") || fw_sv_is(text, "Port:"))) {
            return FW_BID_LIKELY;
        }
        profile = profile || fw_sv_starts(text, "Profile: ");
    }
    return status ? FW_BID_LIKELY : FW_BID_NO;
}

const struct fw_parser fw_parser_ufw = {
    .name = "ufw",
    .title = "Ubuntu ufw, ufw status and ufw app info output",
    .kind = FW_PARSER_RULESET,
    .version = 2,
    .bid = bid,
    .ruleset = parse,
};
