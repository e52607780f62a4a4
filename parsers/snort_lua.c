/*
 * snort.lua and snort_defaults.lua of Snort 3, as far as they declare:
 *
 *   HOME_NET = '192.0.2.0/24'
 *   ips = { include = '/etc/snort/rules/local.rules', variables = default_variables }
 *   suppress =
 *   {
 *       -- reason: misread by the decoder; by: Chen; date: 2026-01-31; review-by: 2026-07-31
 *       { gid = 116, sid = 408, track = 'by_src', ip = '192.0.2.0/24' },
 *   }
 *
 * What a program would have to run (functions, conditions, what another file assigned) is not
 * supported, by name.
 */
#include "parsers/idsrules.h"
#include "parsers/idsset.h"
#include "parsers/idstuning.h"
#include "parsers/luatable.h"
#include "parsers/parser.h"

struct reader {
    struct fw_doc *doc;
    struct fw_idsconf *conf;
    struct fw_lua lua;
    struct fw_lua_statement s;
};

static fw_span span_of(struct reader *r, uint32_t line)
{
    return fw_doc_span(r->doc, fw_doc_line_text(r->doc, line), line);
}

static fw_sv text_at(const struct fw_lua_value *table, const char *key)
{
    const struct fw_lua_member *m = fw_lua_find(table, key);
    return m && (m->value->type == FW_LUA_TEXT || m->value->type == FW_LUA_NUMBER ||
                 m->value->type == FW_LUA_BOOL)
               ? fw_sv_trim(m->value->text)
               : (fw_sv){0};
}

static bool number_at(const struct fw_lua_value *table, const char *key, uint32_t *ret)
{
    return fw_sv_u32(text_at(table, key), UINT32_MAX, ret);
}

static struct fw_tuning_note note_of(struct reader *r, const struct fw_lua_member *m)
{
    struct fw_idsnotes notes;
    fw_idsnotes_init(&notes, r->doc);
    if (m->above.n > 0) {
        fw_idsnotes_comment(&notes, m->above);
    }
    return fw_idsnotes_take(&notes, m->behind, m->line);
}

static enum fw_tuning_track track_of(fw_sv word)
{
    return fw_sv_is(word, "by_src")    ? FW_TRACK_BY_SRC
           : fw_sv_is(word, "by_dst")  ? FW_TRACK_BY_DST
           : fw_sv_is(word, "by_rule") ? FW_TRACK_BY_RULE
                                       : FW_TRACK_NONE;
}

static void read_entry(struct reader *r, enum fw_tuning_kind kind, const struct fw_lua_member *m)
{
    const struct fw_lua_value *entry = m->value;
    struct fw_tuning t = {.kind = kind, .gid = 1, .span = span_of(r, m->line)};
    bool has_gid = number_at(entry, "gid", &t.gid);
    bool has_sid = number_at(entry, "sid", &t.sid);
    fw_doc_mark_range(r->doc, m->line, m->last, FW_LINE_USED);
    t.note = note_of(r, m);
    if ((!has_gid && fw_lua_find(entry, "gid")) || (!has_sid && fw_lua_find(entry, "sid"))) {
        /* Without it the entry would hold for every signature. */
        fw_doc_mark_range(r->doc, m->line, m->last, FW_LINE_UNSUPPORTED);
        fw_doc_unsupported(r->doc, m->line, (fw_sv){0},
                           "gid or sid of this %s is no number that this file says",
                           fw_tuning_name(kind));
        return;
    }
    if (entry->type != FW_LUA_TABLE || (!has_gid && !has_sid)) {
        fw_doc_bad(r->doc, m->line, (fw_sv){0}, "expected a table with gid and sid in %s",
                   fw_tuning_name(kind));
        return;
    }
    t.sid_last = t.sid;
    t.select = t.sid != 0 ? FW_SELECT_SID : t.gid != 0 ? FW_SELECT_GID : FW_SELECT_ALL;
    t.track = track_of(text_at(entry, "track"));
    fw_sv ip = text_at(entry, kind == FW_TUNING_RATE_FILTER ? "apply_to" : "ip");
    const struct fw_lua_member *address = fw_lua_find(
        entry, kind == FW_TUNING_RATE_FILTER ? "apply_to" : "ip");
    if (address && address->value->type == FW_LUA_UNKNOWN) {
        fw_doc_unsupported(r->doc, address->line, (fw_sv){0},
                           "nothing in this file assigns \"%.*s\": the entry is taken to hold for "
                           "every address of that name only",
                           FW_SV_ARG(address->value->text));
        ip = address->value->text;
    }
    t.negated = ip.n > 0 && ip.p[0] == '!';
    t.addresses = fw_sv_trim(fw_sv_sub(ip, t.negated, SIZE_MAX));
    t.type = text_at(entry, kind == FW_TUNING_RATE_FILTER ? "new_action" : "type");
    t.has_count = number_at(entry, "count", &t.count);
    t.has_seconds = number_at(entry, "seconds", &t.seconds);
    t.has_timeout = number_at(entry, "timeout", &t.timeout);
    fw_idstuning_add(r->doc, r->conf, &t);
}

static void read_entries(struct reader *r, enum fw_tuning_kind kind)
{
    const struct fw_lua_value *v = r->s.value;
    if (v->type != FW_LUA_TABLE) {
        fw_doc_unsupported(r->doc, r->s.first, r->s.name, "%s is no table here",
                           fw_tuning_name(kind));
        return;
    }
    for (size_t i = 0; i < v->n; i++) {
        read_entry(r, kind, &v->v[i]);
    }
}

/* rule_state = { ['1:2000'] = { enable = 'no', action = 'drop' } }, or a list with gid and sid. */
static void read_states(struct reader *r)
{
    const struct fw_lua_value *v = r->s.value;
    for (size_t i = 0; v->type == FW_LUA_TABLE && i < v->n; i++) {
        const struct fw_lua_member *m = &v->v[i];
        struct fw_tuning t = {.kind = FW_TUNING_STATE, .gid = 1, .span = span_of(r, m->line)};
        fw_sv enable = text_at(m->value, "enable");
        bool selected = m->key.n > 0 ? fw_idstuning_sids(m->key, &t)
                                     : number_at(m->value, "sid", &t.sid);
        if (m->key.n == 0) {
            number_at(m->value, "gid", &t.gid);
            t.sid_last = t.sid;
        }
        fw_doc_mark_range(r->doc, m->line, m->last, selected ? FW_LINE_USED : FW_LINE_BAD);
        t.type = text_at(m->value, "action");
        t.note = note_of(r, m);
        if (fw_sv_is(enable, "no") || fw_sv_is(enable, "false")) {
            t.kind = FW_TUNING_DISABLE;
        } else if (t.type.n == 0 && enable.n > 0) {
            t.kind = FW_TUNING_ENABLE;
        }
        if (selected) {
            fw_idstuning_add(r->doc, r->conf, &t);
        }
    }
}

/* Blanks separate networks as well as commas do. */
static fw_sv commas(struct reader *r, fw_sv value)
{
    value = fw_sv_trim(value);
    char *out = fw_arena_cstr(&r->doc->arena, value);
    size_t n = 0;
    for (size_t i = 0; i < value.n; i++) {
        bool blank = memchr(" \t\r\n", value.p[i], 4) != NULL;
        bool needed = n > 0 && !memchr(",[!", out[n - 1], 3);
        if (!blank && needed && i > 0 && memchr(" \t\r\n", value.p[i - 1], 4) &&
            !memchr(",]", value.p[i], 2)) {
            out[n++] = ',';
        }
        if (!blank) {
            out[n++] = value.p[i];
        }
    }
    return fw_sv_of(out, n);
}

static void read_variable(struct reader *r, enum fw_ids_variable_kind kind, fw_sv name,
                          const struct fw_lua_value *value, uint32_t line)
{
    if (value->type == FW_LUA_TABLE) {
        return;
    }
    fw_sv text = fw_sv_trim(value->text);
    const struct fw_ids_variable *have = fw_idsconf_variable(r->conf, name);
    fw_sv plain = kind == FW_IDS_ADDRESSES ? commas(r, text) : text;
    if (value->type == FW_LUA_UNKNOWN || (have && fw_sv_eq(have->value, plain))) {
        return;
    }
    fw_idsvariable_add(r->doc, r->conf, kind, name, plain, line);
}

static void read_variables(struct reader *r, const struct fw_lua_value *variables)
{
    static const struct {
        const char *key;
        enum fw_ids_variable_kind kind;
    } groups[] = {{"nets", FW_IDS_ADDRESSES}, {"ports", FW_IDS_PORTS}, {"paths", FW_IDS_TEXT}};
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        const struct fw_lua_member *group = fw_lua_find(variables, groups[i].key);
        for (size_t k = 0; group && group->value->type == FW_LUA_TABLE && k < group->value->n;
             k++) {
            const struct fw_lua_member *m = &group->value->v[k];
            read_variable(r, groups[i].kind, m->key, m->value, m->line);
        }
    }
}

static void mention(struct reader *r, enum fw_ids_mention_kind kind, fw_sv name, fw_sv value)
{
    struct fw_ids_mention m = {.kind = kind,
                               .enabled = true,
                               .name = name,
                               .value = value,
                               .span = span_of(r, r->s.first)};
    if (name.n > 0) {
        fw_idsmention_add(r->doc, r->conf, &m);
    }
}

static void mention_file(struct reader *r, fw_sv path)
{
    mention(r, fw_sv_ends(path, ".rules") ? FW_MENTION_RULES : FW_MENTION_INCLUDE, path,
            (fw_sv){0});
}

/* ips = { include = 'x.rules', rules = [[ include y.rules ]], variables = default_variables } */
static void read_ips(struct reader *r)
{
    const struct fw_lua_value *v = r->s.value;
    const struct fw_lua_member *variables = fw_lua_find(v, "variables");
    fw_sv rules = text_at(v, "rules");
    fw_sv line;
    mention_file(r, text_at(v, "include"));
    while (fw_sv_split(&rules, '\n', &line)) {
        line = fw_sv_trim(line);
        if (fw_sv_starts(line, "include ")) {
            mention_file(r, fw_sv_trim(fw_sv_sub(line, 8, SIZE_MAX)));
        } else if (line.n > 0 && line.p[0] != '#') {
            fw_doc_unsupported(r->doc, r->s.first, (fw_sv){0},
                               "a rule within the configuration: put it into a file of rules");
        }
    }
    const struct fw_lua_member *states = fw_lua_find(v, "states");
    if (states) {
        fw_doc_unsupported(r->doc, states->line, (fw_sv){0},
                           "states of rules within the configuration are not read: put them into "
                           "the rules");
    }
    if (variables) {
        read_variables(r, variables->value);
    }
}

static void read_classes(struct reader *r)
{
    const struct fw_lua_value *v = r->s.value;
    for (size_t i = 0; v->type == FW_LUA_TABLE && i < v->n; i++) {
        struct fw_ids_class class = {.name = text_at(v->v[i].value, "name"),
                                     .text = text_at(v->v[i].value, "text"),
                                     .span = span_of(r, v->v[i].line)};
        if (class.name.n > 0 && number_at(v->v[i].value, "priority", &class.priority)) {
            r->conf->classes = fw_arena_push(&r->doc->arena, r->conf->classes, r->conf->nclasses,
                                             sizeof(class));
            r->conf->classes[r->conf->nclasses++] = class;
        }
    }
}

static void read_references(struct reader *r)
{
    const struct fw_lua_value *v = r->s.value;
    for (size_t i = 0; v->type == FW_LUA_TABLE && i < v->n; i++) {
        struct fw_ids_reference reference = {.name = text_at(v->v[i].value, "name"),
                                             .url = text_at(v->v[i].value, "url"),
                                             .span = span_of(r, v->v[i].line)};
        if (reference.name.n > 0) {
            r->conf->references = fw_arena_push(&r->doc->arena, r->conf->references,
                                                r->conf->nreferences, sizeof(reference));
            r->conf->references[r->conf->nreferences++] = reference;
        }
    }
}

static void read_interfaces(struct reader *r)
{
    const struct fw_lua_member *inputs = fw_lua_find(r->s.value, "inputs");
    for (size_t i = 0; inputs && inputs->value->type == FW_LUA_TABLE && i < inputs->value->n; i++) {
        const struct fw_lua_value *v = inputs->value->v[i].value;
        mention(r, FW_MENTION_INTERFACE, v->type == FW_LUA_TEXT ? v->text : text_at(v, "input"),
                (fw_sv){0});
    }
}

static bool is_output(fw_sv name)
{
    return fw_sv_starts(name, "alert_") || fw_sv_is(name, "unified2") || fw_sv_starts(name, "log_");
}

static bool is_network(fw_sv name)
{
    return fw_sv_ends(name, "_NET") || fw_sv_ends(name, "_SERVERS");
}

/* True when the statement says something that is used. */
static bool read_assignment(struct reader *r)
{
    static const struct {
        const char *name;
        void (*read)(struct reader *r);
    } tables[] = {{"classifications", read_classes},
                  {"daq", read_interfaces},
                  {"default_classifications", read_classes},
                  {"default_references", read_references},
                  {"ips", read_ips},
                  {"references", read_references},
                  {"rule_state", read_states}};
    static const enum fw_tuning_kind filters[] = {FW_TUNING_SUPPRESS, FW_TUNING_EVENT_FILTER,
                                                  FW_TUNING_RATE_FILTER};
    fw_sv name = r->s.name;
    for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
        if (fw_sv_is(name, fw_tuning_name(filters[i]))) {
            read_entries(r, filters[i]);
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (fw_sv_is(name, tables[i].name)) {
            tables[i].read(r);
            return true;
        }
    }
    if (fw_sv_is(name, "default_variables")) {
        read_variables(r, r->s.value);
        return true;
    }
    if (is_output(name)) {
        mention(r, FW_MENTION_OUTPUT, name, (fw_sv){0});
        return true;
    }
    if (is_network(name) || fw_sv_ends(name, "_PORTS") || fw_sv_ends(name, "_PATH")) {
        enum fw_ids_variable_kind kind = is_network(name)             ? FW_IDS_ADDRESSES
                                         : fw_sv_ends(name, "_PORTS") ? FW_IDS_PORTS
                                                                      : FW_IDS_TEXT;
        if (r->s.value->type == FW_LUA_UNKNOWN) {
            fw_doc_unsupported(r->doc, r->s.first, name, "nothing in this file assigns \"%.*s\"",
                               FW_SV_ARG(r->s.value->text));
            return true;
        }
        read_variable(r, kind, name, r->s.value, r->s.first);
        return true;
    }
    return false;
}

static void snort_lua(struct fw_doc *doc, struct fw_idsrules *ret)
{
    struct reader r = {.doc = doc, .conf = &ret->conf};
    fw_lua_init(&r.lua, doc);
    while (fw_lua_next(&r.lua, &r.s)) {
        if (!r.s.understood) {
            fw_doc_mark_range(doc, r.s.first, r.s.last, FW_LINE_UNSUPPORTED);
            fw_doc_unsupported(doc, r.s.first, r.s.name,
                               "what \"%.*s\" does here has to be run to be known",
                               FW_SV_ARG(fw_sv_sub(r.s.name, 0, 80)));
        } else if (r.s.include) {
            fw_doc_mark_range(doc, r.s.first, r.s.last, FW_LINE_USED);
            mention_file(&r, r.s.value->text);
        } else {
            fw_doc_mark_range(doc, r.s.first, r.s.last,
                              read_assignment(&r) ? FW_LINE_USED : FW_LINE_IGNORED);
        }
    }
    for (uint32_t line = 1; line <= doc->nlines; line++) {
        if (doc->verdicts[line - 1] == FW_LINE_NONE) {
            bool blank = fw_sv_trim(fw_doc_line_text(doc, line)).n == 0;
            fw_doc_mark(doc, line, blank ? FW_LINE_IGNORED : FW_LINE_BAD);
        }
    }
}

static int snort_lua_bid(fw_sv head)
{
    static const char *const words[] = {"HOME_NET",     "ips",         "suppress",
                                        "event_filter", "rate_filter", "default_variables",
                                        "stream_tcp"};
    fw_sv line;
    while (fw_sv_split(&head, '\n', &line)) {
        fw_sv rest = line;
        fw_sv word;
        if (!fw_sv_word(&rest, &word) || word.p != line.p) {
            continue;
        }
        fw_sv sign = fw_sv_trim(rest);
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
            if (fw_sv_is(word, words[i]) && sign.n > 0 && sign.p[0] == '=') {
                return FW_BID_SURE;
            }
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_snort_lua = {
    .name = "snort-lua",
    .title = "Snort 3 configuration (the declarative part of snort.lua)",
    .kind = FW_PARSER_IDSRULES,
    .version = 1,
    .bid = snort_lua_bid,
    .idsrules = snort_lua,
};
