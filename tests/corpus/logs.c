/*
 * Log lines and what other programs read from them: for each format, how many of the fields that
 * they give are equal here. Run with no argument for all formats, or with the name of one; -v lists
 * every field that differs. Fails below 99 % or above 0.2 % wrong.
 *
 * Where the other program is known to be wrong, the difference is counted apart (deviations[]).
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/source.h"
#include "parsers/idsrules.h"
#include "parsers/logfile.h"
#include "tests/corpus/corpus.h"

struct score {
    unsigned lines, fields, equal, missing, wrong, deviating;
};

static bool verbose;

/* A difference that is not ours: part of the file's name, the line (0: every one), the field. */
static const struct {
    const char *file;
    uint64_t line;
    const char *field;
    const char *why;
} deviations[] = {
    {"asa__302013", 13, NULL, "Built outbound: the inside began (Cisco, 302013)"},
    {"iptables-logs.log", 4, "network.bytes", "the length there is the UDP header's"},
    {"unifi-logs.log", 0, "network.bytes", "the length there is the UDP header's"},
    {"syslog-3164", 24, "app", "a tag there is letters and digits only"},
    {"syslog-3164", 0, "message", "its tag has no process id; it stays in the message there"},
    {"darwin-syslog", 0, "app", "launchd's tag there has the process id and whom it speaks for"},
    {"jc__cef", 0, "source.ip", "a word where the address belongs"},
    {"leef__00", 0, "event.severity", "it takes the next key into the value: \"6 cn1\""},
    {"paloalto__008", 0, "parser", "anonymised: neither its date nor its addresses are any"},
    {"auth-ubuntu1204", 0, "message", "it keeps what its own patterns cut out of the message"},
};

static const char *deviation(fw_sv file, uint64_t line, const char *field)
{
    for (size_t i = 0; i < sizeof(deviations) / sizeof(deviations[0]); i++) {
        if (fw_sv_find(file, fw_sv_from(deviations[i].file)) != SIZE_MAX &&
            (deviations[i].line == 0 || deviations[i].line == line) &&
            (!deviations[i].field || strcmp(deviations[i].field, field) == 0)) {
            return deviations[i].why;
        }
    }
    return NULL;
}

struct run {
    struct score *score;
    fw_sv file;
    const struct fw_logline *line;
    uint64_t number;
    struct fw_buf text;
};

/* As written, without a zone: others do not give one. */
static void put_stamp(struct fw_buf *buf, const struct fw_stamp *stamp)
{
    fw_buf_printf(buf, "%04d/%02u/%02u %02u:%02u:%02u", stamp->year, stamp->month, stamp->day,
                  stamp->hour, stamp->minute, stamp->second);
}

static void put_event_field(struct run *run, enum fw_event_field field)
{
    const struct fw_event *ev = &run->line->event;
    switch (field) {
#define IP(name) fw_ip_text(&run->text, ev->name)
#define TEXT(name) fw_buf_add(&run->text, ev->name)
#define NUM(name) fw_buf_printf(&run->text, "%llu", (unsigned long long)ev->name)
#define STAMP(name) put_stamp(&run->text, &ev->name)
#define FW_FIELD(name, type, ecs) \
    case FW_EV_##name: \
        type(name); \
        break;
        FW_EVENT_FIELDS(FW_FIELD)
#undef FW_FIELD
#undef STAMP
#undef NUM
#undef TEXT
#undef IP
    case FW_EV_COUNT:
        break;
    }
}

/* What was read for a field: of the envelope by its own names, of the event by ECS names. */
static fw_sv actual(struct run *run, const char *field)
{
    const struct fw_envelope *env = &run->line->envelope;
    fw_buf_reset(&run->text);
    if (strcmp(field, "host") == 0) {
        return env->host;
    }
    if (strcmp(field, "app") == 0) {
        return env->app;
    }
    if (strcmp(field, "pid") == 0) {
        return env->pid;
    }
    if (strcmp(field, "msgid") == 0) {
        return env->msgid;
    }
    if (strcmp(field, "message") == 0) {
        return fw_sv_trim(env->message);
    }
    if (strcmp(field, "priority") == 0) {
        if (env->has_priority) {
            fw_buf_printf(&run->text, "%u", env->priority);
        }
        return fw_buf_sv(&run->text);
    }
    if (strcmp(field, "parser") == 0) {
        return run->line->parser ? fw_sv_from(run->line->parser->name) : (fw_sv){0};
    }
    /* "message" is what the envelope carries, "event.message" what the event says. */
    field = strcmp(field, "event.message") == 0 ? "message" : field;
    for (unsigned i = 0; i < FW_EV_COUNT; i++) {
        if (strcmp(field, fw_event_field_name(i)) == 0 && fw_event_has(&run->line->event, i)) {
            put_event_field(run, i);
        }
    }
    return fw_buf_sv(&run->text);
}

/* What others give for a field that the line does not have. */
static bool says_nothing(const char *field, fw_sv expected)
{
    static const char *const nothing[] = {"-", "N/A", "(unknown 0)", "daemon"};
    bool nat = strstr(field, ".nat.") != NULL;
    for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++) {
        if (fw_sv_is(expected, nothing[i])) {
            return true;
        }
    }
    return expected.n == 0 || (nat && (fw_sv_is(expected, "0") || fw_sv_is(expected, "0.0.0.0")));
}

static void compare(struct run *run, const char *field, fw_sv expected)
{
    char nanoseconds[40];
    if (says_nothing(field, expected)) {
        return;
    }
    if (strcmp(field, "event.duration") == 0) {
        snprintf(nanoseconds, sizeof(nanoseconds), "%.*s000000000", FW_SV_ARG(expected));
        expected = fw_sv_from(nanoseconds);
    }
    fw_sv got = actual(run, field);
    bool address = strstr(field, ".ip") != NULL;
    fw_ip a;
    fw_ip b;
    bool equal = address ? fw_ip_parse(expected, &a) && fw_ip_parse(got, &b) && fw_ip_eq(a, b)
                         : fw_sv_eq_nocase(got, fw_sv_trim(expected));
    run->score->fields++;
    if (equal) {
        run->score->equal++;
        return;
    }
    const char *why = deviation(run->file, run->number, field);
    if (why) {
        run->score->deviating++;
    } else if (got.n == 0) {
        run->score->missing++;
    } else {
        run->score->wrong++;
    }
    if (verbose) {
        printf("  %.*s:%llu: %s: \"%.*s\" there, \"%.*s\" here%s%s\n", FW_SV_ARG(run->file),
               (unsigned long long)run->number, field, FW_SV_ARG(expected), FW_SV_ARG(got),
               why ? ": " : "", why ? why : "");
    }
}

static void compare_text(struct run *run, const char *field, const char *expected)
{
    if (expected) {
        compare(run, field, fw_sv_from(expected));
    }
}

/* A member as text, whatever its type; NULL when absent or null. */
static const char *member(const cJSON *object, const char *key, char buf[32])
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, key);
    if (cJSON_IsString(v)) {
        return v->valuestring;
    }
    if (cJSON_IsNumber(v)) {
        snprintf(buf, 32, "%.0f", v->valuedouble);
        return buf;
    }
    return NULL;
}

struct mapping {
    const char *theirs, *ours;
};

/* What others call the fields of a firewall's log. */
static const struct {
    const char *where, *theirs, *ours;
} peers[] = {
#define FW_PEER(where, theirs, ours) {where, theirs, ours},
#include "tests/corpus/peers.def"
#undef FW_PEER
};
enum { PEERS = sizeof(peers) / sizeof(peers[0]) };

/* True when the folder of the file has rows of its own. */
static bool compare_peers(struct run *run, const cJSON *object)
{
    bool any = false;
    char buf[32];
    for (size_t i = 0; i < PEERS; i++) {
        if (fw_sv_starts(run->file, peers[i].where)) {
            compare_text(run, peers[i].ours, member(object, peers[i].theirs, buf));
            any = true;
        }
    }
    return any;
}

static void compare_members(struct run *run, const cJSON *object, const struct mapping *map)
{
    char buf[32];
    for (; map->theirs; map++) {
        compare_text(run, map->ours, member(object, map->theirs, buf));
    }
}

/* Every line of a file, judged; `check` gets it with its number. */
typedef void check_fn(struct run *run, void *context);

static void each_line(struct score *score, const struct corpus_file *file, fw_sv text,
                      check_fn *check, void *context)
{
    struct fw_logfile *logfile;
    struct run run = {.score = score, .file = file->name};
    fw_sv line;
    if (fw_logfile_new(NULL, NULL, &logfile) != FW_OK) {
        return;
    }
    fw_buf_init(&run.text);
    while (text.n > 0) {
        size_t end = fw_sv_find_char(text, '\n');
        line = fw_sv_sub(text, 0, end);
        text = end == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(text, end + 1, SIZE_MAX);
        run.number++;
        if (line.n > 0 && line.p[line.n - 1] == '\r') {
            line.n--;
        }
        run.line = fw_logfile_judge(logfile, line);
        score->lines++;
        check(&run, context);
    }
    fw_buf_clear(&run.text);
    fw_logfile_free(logfile);
}

/* One JSON object a line, in the order of the log's lines; null where there is none. */
static void check_metron(struct run *run, void *context)
{
    static const struct mapping asa[] = {
        {"syslog_host", "host"},        {"protocol", "network.transport"},
        {"ip_src_addr", "source.ip"},   {"ip_dst_addr", "destination.ip"},
        {"ip_src_port", "source.port"}, {"ip_dst_port", "destination.port"},
        {"action", "event.action"},     {NULL, NULL}};
    static const struct mapping rfc5424[] = {{"syslog.header.hostName", "host"},
                                             {"syslog.header.appName", "app"},
                                             {"syslog.header.procId", "pid"},
                                             {"syslog.header.msgId", "msgid"},
                                             {"syslog.header.pri", "priority"},
                                             {"syslog.message", "message"},
                                             {"priority", "priority"},
                                             {"hostname", "host"},
                                             {"tag", "app"},
                                             {NULL, NULL}};
    fw_sv *rest = context;
    fw_sv line;
    if (!fw_sv_split(rest, '\n', &line)) {
        return;
    }
    cJSON *object = cJSON_ParseWithLength(line.p, line.n);
    char buf[32];
    const char *tag = member(object, "ciscotag", buf);
    if (tag) {
        compare_members(run, object, asa);
        compare_text(run, "event.code", strrchr(tag, '-') + 1);
        const char *level = member(object, "syslog_severity", buf);
        compare_text(run, "log.level", level && strcmp(level, "warn") == 0 ? "warning" : level);
    } else if (object && !compare_peers(run, object)) {
        compare_members(run, object, rfc5424);
    }
    cJSON_Delete(object);
}

/* An array with an element for every line that is not blank. */
static void check_jc(struct run *run, void *context)
{
    static const struct mapping map[] = {
        {"priority", "priority"}, {"hostname", "host"},   {"tag", "app"},
        {"appname", "app"},       {"proc_id", "pid"},     {"msg_id", "msgid"},
        {"content", "message"},   {"message", "message"}, {NULL, NULL}};
    const cJSON **next = context;
    if (fw_sv_trim(run->line->text).n == 0 || !*next) {
        return;
    }
    const cJSON *object = *next;
    *next = object->next;
    if (cJSON_GetObjectItemCaseSensitive(object, "unparsable")) {
        run->score->fields++;
        if (run->line->verdict == FW_LINE_BAD) {
            run->score->equal++;
        } else {
            run->score->wrong++;
            if (verbose) {
                printf("  %.*s:%llu: unparsable there\n", FW_SV_ARG(run->file),
                       (unsigned long long)run->number);
            }
        }
        return;
    }
    if (!compare_peers(run, object)) {
        compare_members(run, object, map);
    }
}

/* Objects that name their line by its offset; one that was put together from several lines does not
 * compare its message. */
struct beats {
    const cJSON *next;
    const char *text;
};

static void check_beats(struct run *run, void *context)
{
    static const struct mapping map[] = {
        {"host.hostname", "host"}, {"process.name", "app"}, {"process.pid", "pid"}, {NULL, NULL}};
    struct beats *b = context;
    const cJSON *offset = b->next ? cJSON_GetObjectItemCaseSensitive(b->next, "log.offset") : NULL;
    if (!cJSON_IsNumber(offset) ||
        (uint64_t)offset->valuedouble != (uint64_t)(run->line->text.p - b->text)) {
        return;
    }
    char buf[32];
    compare_members(run, b->next, map);
    if (!cJSON_GetObjectItemCaseSensitive(b->next, "log.flags")) {
        compare_text(run, "message", member(b->next, "message", buf));
    }
    b->next = b->next->next;
}

/* results["s01-parse"]["crowdsecurity/iptables-logs"][0].Evt.Parsed["src_ip"] == "192.0.2.1" */
struct assertion {
    char parser[64], kind[16], key[64];
    uint64_t line;
    fw_sv value;
};

static const struct {
    const char *parser, *key, *ours;
} assert_map[] = {
    {"syslog-logs", "program", "app"},
    {"syslog-logs", "pid", "pid"},
    {"syslog-logs", "machine", "host"},
    {"syslog-logs", "message", "message"},
    {"iptables-logs", "int_eth", "observer.ingress.interface.name"},
    {"iptables-logs", "length", "network.bytes"},
    {"iptables-logs", "proto", "network.transport"},
    {"iptables-logs", "src_ip", "source.ip"},
    {"iptables-logs", "dst_ip", "destination.ip"},
    {"iptables-logs", "src_port", "source.port"},
    {"iptables-logs", "dst_port", "destination.port"},
    {"iptables-logs", "machine", "host"},
    {"unifi-logs", "machine", "host"},
    {"unifi-logs", "rule_id", "rule.id"},
    {"suricata-fastlogs", "suricata_priority", "event.severity"},
    {"suricata-fastlogs", "source_ip", "source.ip"},
    {"suricata-fastlogs", "source_port", "source.port"},
    {"suricata-fastlogs", "dest_ip", "destination.ip"},
    {"suricata-fastlogs", "dest_port", "destination.port"},
    {"suricata-fastlogs", "proto", "network.transport"},
    {"suricata-fastlogs", "rule_id", "rule.id"},
    {"suricata-fastlogs", "suricata_alert_signature", "rule.name"},
    {"suricata-fastlogs", "suricata_classification", "rule.category"},
    {"suricata-fastlogs", "suricata_alert_signature_rev", "rule.version"},
};

static bool cut_quoted(fw_sv *s, const char *before, const char *after, char *ret, size_t room)
{
    size_t at = fw_sv_find(*s, fw_sv_from(before));
    if (at == SIZE_MAX) {
        return false;
    }
    fw_sv rest = fw_sv_sub(*s, at + strlen(before), SIZE_MAX);
    size_t end = fw_sv_find(rest, fw_sv_from(after));
    if (end == SIZE_MAX || end >= room) {
        return false;
    }
    memcpy(ret, rest.p, end);
    ret[end] = '\0';
    *s = fw_sv_sub(rest, end + strlen(after), SIZE_MAX);
    return true;
}

static bool read_assertion(struct fw_arena *arena, fw_sv line, struct assertion *ret)
{
    char stage[32];
    char index[16];
    fw_sv s = line;
    if (!cut_quoted(&s, "results[\"", "\"][\"", stage, sizeof(stage)) ||
        !cut_quoted(&s, "/", "\"][", ret->parser, sizeof(ret->parser)) ||
        !cut_quoted(&s, "", "].Evt.", index, sizeof(index)) ||
        !cut_quoted(&s, "", "[\"", ret->kind, sizeof(ret->kind)) ||
        !cut_quoted(&s, "", "\"] == \"", ret->key, sizeof(ret->key)) || s.n == 0) {
        return false;
    }
    ret->line = strtoull(index, NULL, 10) + 1;
    char *out = fw_arena_alloc(arena, s.n);
    size_t n = 0;
    for (size_t i = 0; i + 1 < s.n; i++) {
        i += s.p[i] == '\\' && i + 2 < s.n;
        out[n++] = s.p[i];
    }
    ret->value = fw_sv_of(out, n);
    return true;
}

struct assertions {
    size_t n;
    struct assertion *v;
};

static void check_assertions(struct run *run, void *context)
{
    struct assertions *all = context;
    for (size_t i = 0; i < all->n; i++) {
        const struct assertion *a = &all->v[i];
        for (size_t k = 0; a->line == run->number && k < sizeof(assert_map) / sizeof(assert_map[0]);
             k++) {
            if (strcmp(a->parser, assert_map[k].parser) == 0 &&
                strcmp(a->key, assert_map[k].key) == 0) {
                compare(run, assert_map[k].ours, a->value);
            }
        }
        for (size_t k = 0; a->line == run->number && k < PEERS; k++) {
            if (strcmp(a->parser, peers[k].where) == 0 && strcmp(a->key, peers[k].theirs) == 0) {
                compare(run, peers[k].ours, a->value);
            }
        }
        if (a->line == run->number && strcmp(a->parser, "unifi-logs") == 0 &&
            strcmp(a->key, "action") == 0 && strcmp(a->kind, "Meta") == 0) {
            compare(run, "event.outcome",
                    fw_sv_is(a->value, "drop") ? FW_SV("failure") : FW_SV("success"));
        }
    }
}

/* Cases name the decoder that has to take the line. */
static void check_case(struct run *run, void *context)
{
    (void)run;
    (void)context;
}

static void score_cases(struct score *score, const struct corpus_file *file, fw_sv text)
{
    static const struct mapping decoders[] = {{"kernel", "netfilter-log"},
                                              {"cisco-asa", "cisco-asa-log"},
                                              {"pix", "cisco-asa-log"},
                                              {"cisco-ios", "cisco-ios-log"},
                                              {"f5-bigip-cef", "cef"},
                                              {"fortigate-firewall-v4", "fortigate-log"},
                                              {"fortigate-firewall-v5", "fortigate-log"},
                                              {"fortigate-firewall-v6", "fortigate-log"},
                                              {"paloalto", "panos-log"},
                                              {"checkpoint-smart1", "checkpoint-log"},
                                              {"cisco-ftd", "cisco-asa-log"},
                                              {"huawei-usg", "huawei-usg-log"},
                                              {"junos-rt-flow", "junos-log"},
                                              {"pf", "filterlog"},
                                              {"sonicwall", "sonicwall-log"},
                                              {"sophos-fw", "sophos-log"},
                                              {NULL, NULL}};
    fw_sv row;
    while (fw_sv_split(&text, '\n', &row)) {
        cJSON *object = cJSON_ParseWithLength(row.p, row.n);
        char buf[32];
        const char *log = member(object, "log", buf);
        const char *decoder = member(object, "decoder", buf);
        struct fw_logfile *logfile;
        if (log && decoder && fw_logfile_new(NULL, NULL, &logfile) == FW_OK) {
            struct run run = {.score = score, .file = file->name, .number = score->lines + 1};
            fw_buf_init(&run.text);
            run.line = fw_logfile_judge(logfile, fw_sv_from(log));
            score->lines++;
            for (const struct mapping *m = decoders; m->theirs; m++) {
                if (strcmp(m->theirs, decoder) == 0) {
                    compare_text(&run, "parser", m->ours);
                }
            }
            fw_buf_clear(&run.text);
            fw_logfile_free(logfile);
        }
        cJSON_Delete(object);
    }
}

/* The file beside a log that says what another program made of it: same folder and case. */
static fw_sv beside(struct fw_arena *arena, const struct corpus_file *file, const char *suffix)
{
    fw_sv path = fw_arena_printf(arena, "%s%s", file->path.p, suffix);
    return corpus_read(arena, path.p);
}

/* "x/crowdsec__CASE__name.log" has its assertions in "x/crowdsec__CASE__parser.assert". */
static fw_sv assertions_of(struct fw_arena *arena, const struct corpus_file *file)
{
    fw_sv path = file->path;
    size_t at = fw_sv_find(path, FW_SV("crowdsec__"));
    if (at == SIZE_MAX) {
        return (fw_sv){0};
    }
    fw_sv rest = fw_sv_sub(path, at + 10, SIZE_MAX);
    size_t end = fw_sv_find(rest, FW_SV("__"));
    fw_sv name = fw_arena_printf(arena, "%.*s__parser.assert", (int)(at + 10 + end), path.p);
    return end == SIZE_MAX ? (fw_sv){0} : corpus_read(arena, name.p);
}

static void score_assertions(struct fw_arena *arena, struct score *score,
                             const struct corpus_file *file, fw_sv text, fw_sv expected)
{
    struct assertions all = {0};
    fw_sv line;
    while (fw_sv_split(&expected, '\n', &line)) {
        struct assertion a;
        if (read_assertion(arena, line, &a)) {
            all.v = fw_arena_push(arena, all.v, all.n, sizeof(all.v[0]));
            all.v[all.n++] = a;
        }
    }
    each_line(score, file, text, check_assertions, &all);
}

static void score_array(struct score *score, const struct corpus_file *file, fw_sv text,
                        fw_sv expected)
{
    cJSON *array = cJSON_ParseWithLength(expected.p, expected.n);
    const cJSON *first = array ? array->child : NULL;
    if (first && cJSON_GetObjectItemCaseSensitive(first, "log.offset")) {
        struct beats b = {first, text.p};
        each_line(score, file, text, check_beats, &b);
    } else {
        each_line(score, file, text, check_jc, &first);
    }
    cJSON_Delete(array);
}

/* One rule a line: gid, sid, revision, enabled, message. */
static void score_rules(struct score *score, const struct corpus_file *file, fw_sv text,
                        fw_sv expected)
{
    extern const struct fw_parser fw_parser_snort_rules;
    struct fw_diags *diags = fw_diags_new();
    struct fw_doc doc;
    struct fw_idsrules rules;
    fw_sv row;
    size_t i = 0;
    fw_doc_init(&doc, file->name, diags);
    fw_doc_set_text(&doc, text);
    if (fw_idsrules_parse(&doc, &fw_parser_snort_rules, &rules) != FW_OK) {
        rules.n = 0;
    }
    score->lines += doc.nlines;
    while (fw_sv_split(&expected, '\n', &row)) {
        cJSON *object = cJSON_ParseWithLength(row.p, row.n);
        char buf[32];
        const char *sid = member(object, "sid", buf);
        if (sid) {
            uint32_t number = (uint32_t)strtoul(sid, NULL, 10);
            size_t at = i;
            while (at < rules.n && rules.v[at].sid != number) {
                at++;
            }
            const char *msg = member(object, "msg", buf);
            const cJSON *on = cJSON_GetObjectItemCaseSensitive(object, "enabled");
            bool found = at < rules.n;
            bool same = found && rules.v[at].enabled == (cJSON_IsTrue(on) != 0) &&
                        (!msg || fw_sv_is(rules.v[at].msg, msg));
            score->fields++;
            score->equal += same;
            score->missing += !found;
            score->wrong += found && !same;
            if (verbose && !same) {
                printf("  %.*s: sid %u%s: %s\n", FW_SV_ARG(file->name), number,
                       found ? "" : " is missing", msg ? msg : "");
            }
            i = found ? at + 1 : i;
        }
        cJSON_Delete(object);
    }
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

static void score_file(struct fw_arena *arena, struct score *score, const struct corpus_file *file)
{
    fw_sv text = corpus_read(arena, file->path.p);
    fw_sv jc = (fw_sv){0};
    if (fw_sv_ends(file->name, ".log") && file->path.n > 4) {
        fw_sv path = fw_arena_printf(arena, "%.*s.expected.json", (int)(file->path.n - 4),
                                     file->path.p);
        jc = corpus_read(arena, path.p);
    }
    fw_sv sibling = beside(arena, file, "-expected.json");
    fw_sv idstools = beside(arena, file, ".idstools-expected.jsonl");
    fw_sv assertions = assertions_of(arena, file);
    if (fw_sv_ends(file->name, ".cases.jsonl")) {
        score_cases(score, file, text);
    } else if (idstools.p) {
        score_rules(score, file, text, idstools);
    } else if (jc.p) {
        score_array(score, file, text, jc);
    } else if (sibling.p && sibling.n > 0 && sibling.p[0] == '[') {
        score_array(score, file, text, sibling);
    } else if (sibling.p) {
        each_line(score, file, text, check_metron, &sibling);
    } else if (assertions.p) {
        score_assertions(arena, score, file, text, assertions);
    } else if (fw_sv_find(file->name, FW_SV("/rules")) == SIZE_MAX) {
        each_line(score, file, text, check_case, NULL);
    }
}

/* Prints the format's row; false when it is below what is asked. */
static bool print_score(const char *name, const struct score *s)
{
    unsigned counted = s->fields - s->deviating;
    if (s->fields == 0) {
        printf("%-22s %8u lines, nothing to compare with\n", name, s->lines);
        return true;
    }
    double equal = counted ? 100.0 * s->equal / counted : 100;
    double wrong = counted ? 100.0 * s->wrong / counted : 0;
    printf("%-22s %8u lines %7u fields %7.2f %% equal %6.2f %% wrong, %u missing, %u theirs\n",
           name, s->lines, s->fields, equal, wrong, s->missing, s->deviating);
    return equal >= 99 && wrong <= 0.2;
}

static bool score_format(const char *root, const char *folder)
{
    struct fw_arena arena;
    struct corpus_files files;
    struct score score = {0};
    fw_arena_init(&arena, UINT64_MAX);
    corpus_list(&arena, root, folder, &files);
    for (size_t i = 0; i < files.n; i++) {
        if (files.v[i].input) {
            score_file(&arena, &score, &files.v[i]);
        }
    }
    fw_arena_clear(&arena);
    return print_score(folder, &score);
}

int main(int argc, char **argv)
{
    static const char *const formats[] = {"logs/netfilter/",
                                          "logs/cisco-asa/",
                                          "logs/syslog-rfc3164/",
                                          "logs/syslog-rfc5424/",
                                          "logs/journald-json/",
                                          "logs/fortigate/",
                                          "logs/panos/",
                                          "logs/cef/",
                                          "logs/leef/",
                                          "logs/juniper/",
                                          "logs/pfsense-filterlog/",
                                          "logs/cisco-ftd/",
                                          "logs/cisco-ios/",
                                          "logs/checkpoint/",
                                          "logs/windows-firewall/",
                                          "logs/sophos/",
                                          "logs/sonicwall/",
                                          "logs/huawei-usg/",
                                          "logs/mikrotik/",
                                          "logs/f5/",
                                          "ids/snort-fast/",
                                          "ids/suricata-fast/",
                                          "ids/suricata-eve/",
                                          "ids/rules/"};
    const char *root = corpus_root();
    const char *only = NULL;
    bool good = true;
    if (!root) {
        return CORPUS_SKIPPED;
    }
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-v") == 0) {
            verbose = true;
        } else {
            only = argv[i];
        }
    }
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (!only || strstr(formats[i], only)) {
            good = score_format(root, formats[i]) && good;
        }
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
