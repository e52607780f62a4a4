/* How many fields of a log line are equal to what another program gives, and which differences are
 * not ours? Where the other program is known to be wrong, the difference is counted apart
 * (deviations[]). */
#include "tests/corpus/logs.h"

#include <stdio.h>
#include <string.h>

bool logs_verbose;

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

/* As written, without a zone: others do not give one. */
static void put_stamp(struct fw_buf *buf, const struct fw_stamp *stamp)
{
    fw_buf_printf(buf, "%04d/%02u/%02u %02u:%02u:%02u", stamp->year, stamp->month, stamp->day,
                  stamp->hour, stamp->minute, stamp->second);
}

static void put_event_field(struct logs_run *run, enum fw_event_field field)
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
static fw_sv actual(struct logs_run *run, const char *field)
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

void logs_compare(struct logs_run *run, const char *field, fw_sv expected)
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
    if (logs_verbose) {
        printf("  %.*s:%llu: %s: \"%.*s\" there, \"%.*s\" here%s%s\n", FW_SV_ARG(run->file),
               (unsigned long long)run->number, field, FW_SV_ARG(expected), FW_SV_ARG(got),
               why ? ": " : "", why ? why : "");
    }
}

void logs_compare_text(struct logs_run *run, const char *field, const char *expected)
{
    if (expected) {
        logs_compare(run, field, fw_sv_from(expected));
    }
}

const char *logs_member(const cJSON *object, const char *key, char buf[32])
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

/* What others call the fields of a firewall's log. */
static const struct {
    const char *where, *theirs, *ours;
} peers[] = {
#define FW_PEER(where, theirs, ours) {where, theirs, ours},
#include "tests/corpus/peers.def"
#undef FW_PEER
};
enum { PEERS = sizeof(peers) / sizeof(peers[0]) };

bool logs_compare_peers(struct logs_run *run, const cJSON *object)
{
    bool any = false;
    char buf[32];
    for (size_t i = 0; i < PEERS; i++) {
        if (fw_sv_starts(run->file, peers[i].where)) {
            logs_compare_text(run, peers[i].ours, logs_member(object, peers[i].theirs, buf));
            any = true;
        }
    }
    return any;
}

void logs_compare_members(struct logs_run *run, const cJSON *object, const struct logs_mapping *map)
{
    char buf[32];
    for (; map->theirs; map++) {
        logs_compare_text(run, map->ours, logs_member(object, map->theirs, buf));
    }
}

void logs_each_line(struct logs_score *score, const struct corpus_file *file, fw_sv text,
                    logs_check_fn *check, void *context)
{
    struct fw_logfile *logfile;
    struct logs_run run = {.score = score, .file = file->name};
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

void logs_compare_named(struct logs_run *run, const char *where, const char *theirs, fw_sv value)
{
    for (size_t i = 0; i < PEERS; i++) {
        if (strcmp(where, peers[i].where) == 0 && strcmp(theirs, peers[i].theirs) == 0) {
            logs_compare(run, peers[i].ours, value);
        }
    }
}
