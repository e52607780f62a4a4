/* Access lists of an ASA and where they are applied. Lines are kept until all objects are known,
 * then read in their order, because "clear" and "no" undo what stands before them.
 *   access-list OUT extended permit tcp any object WEB eq https log
 *   access-group OUT in interface outside */
#include <string.h>

#include "parsers/cisco_asa.h"

static size_t bucket_of(fw_sv name)
{
    return (size_t)(fw_sv_hash(name) % FW_CISCO_BUCKETS);
}

static struct fw_asa_acl *find_acl(const struct fw_asa *asa, fw_sv name, bool six)
{
    struct fw_asa_acl *acl = asa->acls[bucket_of(name)];
    while (acl && (acl->six != six || !fw_sv_eq(acl->name, name))) {
        acl = acl->next;
    }
    return acl;
}

static struct fw_asa_acl *find_any(const struct fw_asa *asa, fw_sv name)
{
    struct fw_asa_acl *acl = find_acl(asa, name, false);
    return acl ? acl : find_acl(asa, name, true);
}

const struct fw_policy *fw_asa_acl_find(const struct fw_asa *asa, fw_sv name)
{
    const struct fw_asa_acl *acl = find_acl(asa, name, false);
    return acl && acl->policy->n > 0 ? acl->policy : NULL;
}

struct fw_asa_acl *fw_asa_acl_make(struct fw_asa *asa, fw_sv name, bool six, uint32_t line)
{
    struct fw_doc *doc = asa->cisco.doc;
    struct fw_ruleset *set = asa->cisco.ruleset;
    struct fw_asa_acl *acl = find_acl(asa, name, six);
    struct fw_asa_acl **bucket = &asa->acls[bucket_of(name)];
    if (acl) {
        return acl;
    }
    acl = fw_new(&doc->arena, struct fw_asa_acl);
    acl->name = name;
    acl->six = six;
    acl->policy = fw_new(&doc->arena, struct fw_policy);
    acl->policy->name = name;
    acl->policy->decides = true;
    acl->policy->families = six ? FW_FAMILY_BIT6 : FW_FAMILY_BOTH;
    acl->policy->fallback = FW_ACTION_DENY;
    acl->policy->span = fw_doc_span(doc, name, line);
    acl->next = *bucket;
    *bucket = acl;
    fw_ruleset_add(&doc->arena, set, acl->policy);
    return acl;
}

/* --- Keeping --- */

/* Where other lines name lists and objects: the word before the name. */
static const struct {
    const char *starts;
    const char *before; /* NULL: any word may be a name */
} references[] = {
    {"aaa", "match"},
    {"capture", "access-list"},
    {"crypto", "address"},
    {"dynamic-filter", "classify-list"},
    {"match", "access-list"},
    {"match", "address"},
    {"nat", NULL},
    {"split-tunnel-network-list", "value"},
    {"static", "access-list"},
    {"vpn-filter", "value"},
    {"wccp", "redirect-list"},
};

static bool is_reference(const struct fw_cisco_line *line)
{
    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
        if (fw_cisco_is(line, 0, references[i].starts)) {
            return true;
        }
    }
    return false;
}

/* "access-list compiled" and the like say nothing about a list. */
static bool names_a_list(const struct fw_cisco_line *line, size_t at)
{
    static const char *const others[] = {"alert-interval", "commit", "compiled", "deny-flow-max",
                                         "mode"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (fw_cisco_is(line, at, others[i])) {
            return line->n > at + 2;
        }
    }
    return line->n > at;
}

static void keep(struct fw_asa *asa, const struct fw_cisco_line *line)
{
    asa->later = fw_arena_push(&asa->cisco.doc->arena, asa->later, asa->nlater,
                               sizeof(*asa->later));
    asa->later[asa->nlater++] = line->number;
}

bool fw_asa_acl_keep(struct fw_asa *asa, struct fw_cisco_line *line)
{
    bool undo = fw_cisco_is(line, 0, "no") || fw_cisco_is(line, 0, "clear");
    bool config = fw_cisco_is(line, 1, "config") || fw_cisco_is(line, 1, "configure");
    size_t at = undo ? (config ? 2 : 1) : 0;
    bool six = fw_cisco_is(line, at, "ipv6");
    at += six;
    if (fw_asa_shown_keep(asa, line)) {
        return true;
    }
    if (fw_cisco_is(line, at, "access-list") && (undo || names_a_list(line, at + 1))) {
        keep(asa, line);
        if (!undo) {
            fw_asa_acl_make(asa, line->words[at + 1], six, line->number)->expected++;
        }
        return true;
    }
    if (fw_cisco_is(line, at, "conduit") && undo) {
        fw_doc_unsupported(asa->cisco.doc, line->number, line->words[0],
                           "not modelled: conduits that are taken away");
        return true;
    }
    if ((fw_cisco_is(line, at, "access-group") && !six) || fw_cisco_is(line, at, "conduit")) {
        keep(asa, line);
        return true;
    }
    if (is_reference(line)) {
        keep(asa, line);
    }
    return false;
}

/* --- Entries --- */

void fw_asa_acl_insert(struct fw_asa *asa, struct fw_asa_acl *acl, size_t position,
                       const struct fw_rule *rule)
{
    struct fw_policy *policy = acl->policy;
    size_t at = position == 0 || position > policy->n ? policy->n : position - 1;
    if (policy->n == acl->cap) {
        size_t cap = acl->cap < acl->expected ? acl->expected : acl->cap * 2 + 4;
        policy->rules = fw_arena_grow(&asa->cisco.doc->arena, policy->rules, acl->cap, cap,
                                      sizeof(*policy->rules));
        acl->cap = cap;
    }
    memmove(policy->rules + at + 1, policy->rules + at, (policy->n - at) * sizeof(*policy->rules));
    policy->rules[at] = *rule;
    policy->n++;
}

enum kind { EXTENDED, STANDARD, ETHERTYPE, WEBTYPE };

/* The first entry that says so fixes what the list is. */
static void set_kind(struct fw_asa *asa, struct fw_asa_acl *acl, enum kind kind)
{
    if (acl->typed) {
        return;
    }
    acl->typed = true;
    acl->policy->decides = kind == EXTENDED || kind == STANDARD;
    if (!acl->six) {
        acl->policy->families = kind == STANDARD ? FW_FAMILY_BIT4 : asa->cisco.families;
    }
}

static void take_remark(struct fw_asa_acl *acl, const struct fw_cisco_line *line,
                        struct fw_rule *rule)
{
    fw_sv text = fw_cisco_rest(line);
    size_t name = fw_sv_find(text, FW_SV("RULE: ")); /* Firepower: "rule-id 7: L7 RULE: web" */
    rule->action = FW_ACTION_CONTINUE;
    rule->comment = text;
    acl->remark = text;
    acl->name_of_next = name == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(text, name + 6, SIZE_MAX);
}

/* Lists for frames that are not IP, and for sessions in a browser: no packet's verdict hangs on
 * them, with one exception. Cisco ASA, "EtherType ACLs": who denies any denies IP, too. */
static void judge_other(struct fw_asa *asa, const struct fw_cisco_line *line, enum kind kind,
                        enum fw_action action)
{
    static const char *const frames[] = {"any",     "bpdu",          "dsap",         "eii-ipx",
                                         "ipx",     "isis",          "mpls-unicast", "all",
                                         "raw-ipx", "mpls-multicast"};
    static const char *const sessions[] = {"any", "tcp", "url"};
    fw_sv word = FW_SV("");
    fw_cisco_peek(line, &word);
    bool known = kind == ETHERTYPE && fw_sv_starts(word, "0x");
    for (size_t i = 0; kind == ETHERTYPE && i < sizeof(frames) / sizeof(frames[0]); i++) {
        known = known || fw_sv_is(word, frames[i]);
    }
    for (size_t i = 0; kind == WEBTYPE && i < sizeof(sessions) / sizeof(sessions[0]); i++) {
        known = known || fw_sv_is(word, sessions[i]);
    }
    bool all = kind == ETHERTYPE && action == FW_ACTION_DENY &&
               (fw_sv_is(word, "any") || fw_sv_is(word, "all"));
    if (!known || all) {
        fw_doc_unsupported(asa->cisco.doc, line->number, word.n > 0 ? word : line->text,
                           all ? "not modelled: frames of IP are denied, too"
                               : "unknown word in a list of frames or sessions");
    }
}

static void take_entry(struct fw_asa *asa, struct fw_asa_acl *acl, struct fw_cisco_line *line,
                       enum kind kind, struct fw_rule *rule)
{
    struct fw_cisco *cisco = &asa->cisco;
    set_kind(asa, acl, kind);
    rule->comment = acl->remark;
    rule->name = acl->name_of_next;
    acl->remark = (fw_sv){0};
    /* Cisco ASA, syslog 106023: what a list denies is logged unless it says otherwise. */
    rule->log = rule->action == FW_ACTION_DENY && !asa->quiet_deny;
    switch (kind) {
    case EXTENDED:
        fw_cisco_entry_read(cisco, line, acl->policy->families, rule);
        break;
    case STANDARD:
        fw_cisco_entry_read_standard(cisco, line, rule);
        break;
    case ETHERTYPE:
    case WEBTYPE:
        judge_other(asa, line, kind, rule->action);
        fw_cisco_entry_keep(cisco, line, acl->policy->families, rule);
        break;
    }
}

static bool take_action(struct fw_cisco_line *line, enum fw_action *ret)
{
    if (fw_cisco_take(line, "permit") || fw_cisco_take(line, "trust")) {
        *ret = FW_ACTION_PERMIT;
        return true;
    }
    if (fw_cisco_take(line, "deny")) {
        *ret = FW_ACTION_DENY;
        return true;
    }
    return false;
}

static enum kind take_kind(struct fw_cisco_line *line)
{
    if (fw_cisco_take(line, "standard")) {
        return STANDARD;
    }
    if (fw_cisco_take(line, "ethertype")) {
        return ETHERTYPE;
    }
    if (fw_cisco_take(line, "webtype")) {
        return WEBTYPE;
    }
    if (!fw_cisco_take(line, "extended")) {
        fw_cisco_take(line, "advanced");
    }
    return EXTENDED;
}

bool fw_asa_acl_entry(struct fw_asa *asa, struct fw_cisco_line *line, bool six,
                      uint32_t *ret_position, struct fw_rule *ret)
{
    struct fw_doc *doc = asa->cisco.doc;
    struct fw_rule rule = {.enabled = true, .span = fw_doc_span(doc, line->text, line->number)};
    fw_sv name;
    fw_sv number;
    *ret_position = 0;
    if (!fw_cisco_next(line, &name)) {
        fw_doc_bad(doc, line->number, line->text, "expected the name of a list");
        return false;
    }
    struct fw_asa_acl *acl = fw_asa_acl_make(asa, name, six, line->number);
    fw_doc_mark(doc, line->number, FW_LINE_USED);
    if (fw_cisco_take(line, "line") &&
        (!fw_cisco_next(line, &number) || !fw_sv_u32(number, UINT32_MAX, ret_position))) {
        fw_doc_bad(doc, line->number, line->text, "expected a number after \"line\"");
    }
    if (fw_cisco_take(line, "remark")) {
        take_remark(acl, line, &rule);
        *ret = rule;
        return true;
    }
    enum kind kind = take_kind(line);
    if (!take_action(line, &rule.action)) {
        fw_sv word = line->text;
        fw_cisco_peek(line, &word);
        fw_doc_bad(doc, line->number, word, "expected permit, deny or remark");
        return false;
    }
    take_entry(asa, acl, line, kind, &rule);
    *ret = rule;
    return true;
}

static void read_access_list(struct fw_asa *asa, struct fw_cisco_line *line, bool six)
{
    struct fw_rule rule;
    uint32_t position;
    fw_sv name = {0};
    fw_cisco_peek(line, &name);
    if (fw_asa_acl_entry(asa, line, six, &position, &rule)) {
        fw_asa_acl_insert(asa, find_acl(asa, name, six), position, &rule);
    }
}

/* "conduit permit tcp host 192.0.2.1 eq www any": what comes from a lower level may reach. */
static void read_conduit(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_doc *doc = asa->cisco.doc;
    struct fw_rule rule = {.enabled = true, .span = fw_doc_span(doc, line->text, line->number)};
    if (!take_action(line, &rule.action)) {
        fw_doc_bad(doc, line->number, line->text, "expected permit or deny");
        return;
    }
    struct fw_asa_acl *acl = fw_asa_acl_make(asa, line->words[0], false, line->number);
    set_kind(asa, acl, EXTENDED);
    acl->policy->families = FW_FAMILY_BIT4;
    acl->policy->bound = true;
    acl->policy->upward = true;
    fw_doc_mark(doc, line->number, FW_LINE_USED);
    rule.log = rule.action == FW_ACTION_DENY && !asa->quiet_deny;
    fw_cisco_entry_read_conduit(&asa->cisco, line, &rule);
    fw_asa_acl_insert(asa, acl, 0, &rule);
}

/* --- Undoing --- */

bool fw_asa_acl_same(const struct fw_rule *a, const struct fw_rule *b)
{
    return a->action == b->action && a->enabled == b->enabled && a->log == b->log &&
           fw_match_same(&a->match, &b->match) &&
           (a->action != FW_ACTION_CONTINUE || fw_sv_eq(a->comment, b->comment));
}

/* "no access-list NAME extended permit ...": takes away the entry that says the same. */
static void remove_entry(struct fw_asa *asa, struct fw_cisco_line *line, bool six)
{
    fw_sv name = line->words[line->at];
    struct fw_asa_acl *acl = find_acl(asa, name, six);
    struct fw_policy *policy = acl ? acl->policy : NULL;
    struct fw_rule rule;
    uint32_t position; /* of no account: the device goes by the words */
    if (acl && acl->policy->n > 0) {
        fw_sv remark = acl->remark;
        fw_sv name_of_next = acl->name_of_next;
        bool read = fw_asa_acl_entry(asa, line, six, &position, &rule);
        acl->remark = remark; /* still waits for the next entry */
        acl->name_of_next = name_of_next;
        if (!read) {
            return;
        }
    }
    for (size_t i = 0; policy && i < policy->n; i++) {
        if (fw_asa_acl_same(&policy->rules[i], &rule)) {
            policy->n--;
            memmove(policy->rules + i, policy->rules + i + 1,
                    (policy->n - i) * sizeof(*policy->rules));
            return;
        }
    }
    fw_doc_bad(asa->cisco.doc, line->number, name, "there is no such entry to remove");
}

/* Wherever the list is applied. */
static void unbind(struct fw_asa *asa, const struct fw_asa_acl *acl)
{
    size_t n = 0;
    for (size_t i = 0; i < asa->nbindings; i++) {
        if (asa->bindings[i].acl != acl) {
            asa->bindings[n++] = asa->bindings[i];
        }
    }
    asa->nbindings = n;
}

/* The device takes the list off its interfaces when it loses its last entry. */
static void clear_list(struct fw_asa *asa, fw_sv name)
{
    for (size_t i = 0; i < FW_CISCO_BUCKETS; i++) {
        for (struct fw_asa_acl *acl = asa->acls[i]; acl; acl = acl->next) {
            if (!name.p || fw_sv_eq(acl->name, name)) {
                acl->policy->n = 0;
                acl->typed = false;
                acl->remark = (fw_sv){0};
                unbind(asa, acl);
            }
        }
    }
}

/* --- Where lists are applied --- */

static bool same_place(const struct fw_asa_binding *a, const struct fw_asa_binding *b)
{
    return a->in == b->in && a->global == b->global && a->control_plane == b->control_plane &&
           a->acl->six == b->acl->six && fw_sv_eq(a->interface, b->interface);
}

static void bind(struct fw_asa *asa, const struct fw_asa_binding *binding)
{
    for (size_t i = 0; i < asa->nbindings; i++) {
        if (same_place(&asa->bindings[i], binding)) {
            asa->bindings[i] = *binding;
            return;
        }
    }
    asa->bindings = fw_arena_push(&asa->cisco.doc->arena, asa->bindings, asa->nbindings,
                                  sizeof(*asa->bindings));
    asa->bindings[asa->nbindings++] = *binding;
}

static void warn_interface(struct fw_asa *asa, const struct fw_cisco_line *line, fw_sv name)
{
    const struct fw_cisco *cisco = &asa->cisco;
    if (!fw_cisco_interface_named(cisco, name)) {
        fw_doc_warn(cisco->doc, FW_DIAG_ID_UNDEFINED_NAME, line->number, name,
                    "no interface has the name \"%.*s\"", FW_SV_ARG(name));
    }
}

/* "NAME in|out interface NAME [control-plane]", "NAME global"; false: reported. */
static bool read_place(struct fw_asa *asa, struct fw_cisco_line *line, fw_sv *ret_name,
                       struct fw_asa_binding *ret)
{
    struct fw_doc *doc = asa->cisco.doc;
    fw_sv word;
    *ret = (struct fw_asa_binding){.span = fw_doc_span(doc, line->text, line->number)};
    *ret_name = line->text;
    bool ok = fw_cisco_next(line, ret_name);
    if (ok && fw_cisco_take(line, "global")) {
        ret->global = true;
    } else if (ok) {
        ret->in = fw_cisco_take(line, "in");
        ok = (ret->in || fw_cisco_take(line, "out")) && fw_cisco_take(line, "interface") &&
             fw_cisco_next(line, &ret->interface);
    }
    if (!ok) {
        fw_doc_bad(doc, line->number, line->text,
                   "expected \"access-group NAME in|out interface NAME\" or \"... global\"");
        return false;
    }
    fw_doc_mark(doc, line->number, FW_LINE_USED);
    while (fw_cisco_next(line, &word)) {
        if (fw_sv_is(word, "control-plane")) {
            ret->control_plane = true;
        } else {
            fw_doc_unsupported(doc, line->number, word, "not modelled: lists of single users");
        }
    }
    ret->acl = find_any(asa, *ret_name);
    return true;
}

static void read_access_group(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_doc *doc = asa->cisco.doc;
    struct fw_asa_binding binding;
    fw_sv name;
    if (!read_place(asa, line, &name, &binding)) {
        return;
    }
    if (!binding.acl) {
        fw_cisco_object_lack(&asa->cisco, name, FW_OBJECT_POLICY, line->number);
        fw_doc_mark(doc, line->number, FW_LINE_UNSUPPORTED);
        fw_doc_warn(doc, FW_DIAG_ID_UNDEFINED_NAME, line->number, name,
                    "no access list has the name \"%.*s\"", FW_SV_ARG(name));
        return;
    }
    if (!binding.global) {
        warn_interface(asa, line, binding.interface);
    }
    bind(asa, &binding);
}

/* "no access-group NAME in interface NAME": there and nowhere else. */
static void remove_binding(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_asa_binding place;
    fw_sv name;
    if (!read_place(asa, line, &name, &place)) {
        return;
    }
    for (size_t i = 0; place.acl && i < asa->nbindings; i++) {
        if (asa->bindings[i].acl == place.acl && same_place(&asa->bindings[i], &place)) {
            asa->nbindings--;
            memmove(asa->bindings + i, asa->bindings + i + 1,
                    (asa->nbindings - i) * sizeof(*asa->bindings));
            return;
        }
    }
    fw_doc_bad(asa->cisco.doc, line->number, name, "the list is not applied there");
}

/* "clear configure access-group [NAME]" */
static void clear_bindings(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv name;
    if (!fw_cisco_next(line, &name)) {
        asa->nbindings = 0;
    } else if (find_any(asa, name)) {
        unbind(asa, find_any(asa, name));
    } else {
        fw_doc_bad(asa->cisco.doc, line->number, name, "no access list has this name");
        return;
    }
    fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
}

/* --- References of other lines --- */

static void count_reference(struct fw_asa *asa, fw_sv name)
{
    struct fw_asa_acl *acl = find_any(asa, name);
    unsigned kinds = FW_CISCO_ANY_ADDRESS | 1u << FW_OBJECT_SERVICE;
    struct fw_cisco_object *object = fw_cisco_object_find(&asa->cisco, name, kinds);
    if (acl) {
        acl->uses++;
    }
    if (object) {
        object->object->uses++;
    }
}

static void read_references(struct fw_asa *asa, const struct fw_cisco_line *line)
{
    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
        if (!fw_cisco_is(line, 0, references[i].starts)) {
            continue;
        }
        for (size_t w = 1; w < line->n; w++) {
            if (!references[i].before || fw_cisco_is(line, w - 1, references[i].before)) {
                count_reference(asa, line->words[w]);
            }
        }
    }
}

void fw_asa_acl_read(struct fw_asa *asa, struct fw_cisco_line *line)
{
    bool no = fw_cisco_take(line, "no");
    bool clear = !no && fw_cisco_take(line, "clear");
    if (clear && !fw_cisco_take(line, "config")) {
        fw_cisco_take(line, "configure");
    }
    bool six = fw_cisco_take(line, "ipv6");
    fw_sv name = {0};
    if (fw_cisco_take(line, "access-list")) {
        bool whole = clear || line->at + 1 >= line->n;
        if (no && !whole) {
            remove_entry(asa, line, six);
        } else if (no || clear) {
            fw_cisco_next(line, &name);
            clear_list(asa, name);
            fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
        } else {
            read_access_list(asa, line, six);
        }
    } else if (fw_cisco_take(line, "access-group")) {
        if (no) {
            remove_binding(asa, line);
        } else if (clear) {
            clear_bindings(asa, line);
        } else {
            read_access_group(asa, line);
        }
    } else if (!no && !clear && fw_cisco_take(line, "conduit")) {
        read_conduit(asa, line);
    } else {
        read_references(asa, line);
    }
}

/* --- For the ruleset --- */

static void finish_bindings(struct fw_asa *asa)
{
    struct fw_arena *arena = &asa->cisco.doc->arena;
    for (size_t i = 0; i < asa->nbindings; i++) {
        const struct fw_asa_binding *b = &asa->bindings[i];
        struct fw_policy *policy = b->acl->policy;
        b->acl->uses++;
        if (b->control_plane) { /* decides what is for the device itself, not what passes through */
            policy->bound = true;
            continue;
        }
        struct fw_binding *v = fw_arena_push(arena, (void *)policy->bindings, policy->nbindings,
                                             sizeof(*v));
        v[policy->nbindings++] = (struct fw_binding){
            .in = b->in ? b->interface : (fw_sv){0},
            .out = !b->in && !b->global ? b->interface : (fw_sv){0},
            .span = b->span,
        };
        policy->bindings = v;
    }
}

static void finish_acl(struct fw_asa *asa, const struct fw_asa_acl *acl)
{
    struct fw_cisco_line line = {.number = acl->policy->span.line};
    struct fw_cisco_object *object = fw_cisco_object_define(&asa->cisco, acl->name,
                                                            FW_OBJECT_POLICY, &line);
    object->object->uses += acl->uses;
    object->object->empty = acl->policy->n == 0;
    for (size_t i = 0; i < acl->policy->n; i++) {
        acl->policy->rules[i].position = (uint32_t)(i + 1);
    }
}

void fw_asa_acl_finish(struct fw_asa *asa)
{
    struct fw_ruleset *set = asa->cisco.ruleset;
    size_t n = 0;
    finish_bindings(asa);
    for (size_t i = 0; i < FW_CISCO_BUCKETS; i++) {
        for (const struct fw_asa_acl *acl = asa->acls[i]; acl; acl = acl->next) {
            if (acl->policy->n > 0) {
                finish_acl(asa, acl);
            }
        }
    }
    for (size_t i = 0; i < set->npolicies; i++) { /* lists that lost their last entry are gone */
        if (set->policies[i]->n > 0) {
            set->policies[n++] = set->policies[i];
        }
    }
    set->npolicies = n;
}
