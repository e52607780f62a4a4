/*
 * Log lines and what other programs read from them: for each format, how many of the fields that
 * they give are equal here. Run with no argument for all formats, or with the name of one; -v lists
 * every field that differs. Fails below 99 % or above 0.2 % wrong.
 */
#include "tests/corpus/logs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One JSON object a line, in the order of the log's lines; null where there is none. */
static void check_metron(struct logs_run *run, void *context)
{
    static const struct logs_mapping asa[] = {
        {"syslog_host", "host"},        {"protocol", "network.transport"},
        {"ip_src_addr", "source.ip"},   {"ip_dst_addr", "destination.ip"},
        {"ip_src_port", "source.port"}, {"ip_dst_port", "destination.port"},
        {"action", "event.action"},     {NULL, NULL}};
    static const struct logs_mapping rfc5424[] = {{"syslog.header.hostName", "host"},
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
    const char *tag = logs_member(object, "ciscotag", buf);
    if (tag) {
        logs_compare_members(run, object, asa);
        logs_compare_text(run, "event.code", strrchr(tag, '-') + 1);
        const char *level = logs_member(object, "syslog_severity", buf);
        logs_compare_text(run, "log.level",
                          level && strcmp(level, "warn") == 0 ? "warning" : level);
    } else if (object && !logs_compare_peers(run, object)) {
        logs_compare_members(run, object, rfc5424);
    }
    cJSON_Delete(object);
}

/* An array with an element for every line that is not blank. */
static void check_jc(struct logs_run *run, void *context)
{
    static const struct logs_mapping map[] = {
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
            if (logs_verbose) {
                printf("  %.*s:%llu: unparsable there\n", FW_SV_ARG(run->file),
                       (unsigned long long)run->number);
            }
        }
        return;
    }
    if (!logs_compare_peers(run, object)) {
        logs_compare_members(run, object, map);
    }
}

/* Objects that name their line by its offset; one that was put together from several lines does not
 * compare its message. */
struct beats {
    const cJSON *next;
    const char *text;
};

static void check_beats(struct logs_run *run, void *context)
{
    static const struct logs_mapping map[] = {
        {"host.hostname", "host"}, {"process.name", "app"}, {"process.pid", "pid"}, {NULL, NULL}};
    struct beats *b = context;
    const cJSON *offset = b->next ? cJSON_GetObjectItemCaseSensitive(b->next, "log.offset") : NULL;
    if (!cJSON_IsNumber(offset) ||
        (uint64_t)offset->valuedouble != (uint64_t)(run->line->text.p - b->text)) {
        return;
    }
    char buf[32];
    logs_compare_members(run, b->next, map);
    if (!cJSON_GetObjectItemCaseSensitive(b->next, "log.flags")) {
        logs_compare_text(run, "message", logs_member(b->next, "message", buf));
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

static void check_assertions(struct logs_run *run, void *context)
{
    struct assertions *all = context;
    for (size_t i = 0; i < all->n; i++) {
        const struct assertion *a = &all->v[i];
        for (size_t k = 0; a->line == run->number && k < sizeof(assert_map) / sizeof(assert_map[0]);
             k++) {
            if (strcmp(a->parser, assert_map[k].parser) == 0 &&
                strcmp(a->key, assert_map[k].key) == 0) {
                logs_compare(run, assert_map[k].ours, a->value);
            }
        }
        if (a->line == run->number) {
            logs_compare_named(run, a->parser, a->key, a->value);
        }
        if (a->line == run->number && strcmp(a->parser, "unifi-logs") == 0 &&
            strcmp(a->key, "action") == 0 && strcmp(a->kind, "Meta") == 0) {
            logs_compare(run, "event.outcome",
                         fw_sv_is(a->value, "drop") ? FW_SV("failure") : FW_SV("success"));
        }
    }
}

/* Nobody else read these lines: they are counted. */
static void check_nothing(struct logs_run *run, void *context)
{
    (void)run;
    (void)context;
}

/* Cases name the decoder that has to take the line. */
static void score_cases(struct logs_score *score, const struct corpus_file *file, fw_sv text)
{
    static const struct logs_mapping decoders[] = {{"kernel", "netfilter-log"},
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
        const char *log = logs_member(object, "log", buf);
        const char *decoder = logs_member(object, "decoder", buf);
        struct fw_logfile *logfile;
        if (log && decoder && fw_logfile_new(NULL, NULL, &logfile) == FW_OK) {
            struct logs_run run = {.score = score, .file = file->name, .number = score->lines + 1};
            fw_buf_init(&run.text);
            run.line = fw_logfile_judge(logfile, fw_sv_from(log));
            score->lines++;
            for (const struct logs_mapping *m = decoders; m->theirs; m++) {
                if (strcmp(m->theirs, decoder) == 0) {
                    logs_compare_text(&run, "parser", m->ours);
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

/* "x/crowdsec__CASE__name.log" has its assertions in "x/crowdsec__CASE__parser.assert", and those
 * of scenarios in "...__scenario.assert". */
static fw_sv assertions_of(struct fw_arena *arena, const struct corpus_file *file, const char *kind)
{
    fw_sv path = file->path;
    size_t at = fw_sv_find(path, FW_SV("crowdsec__"));
    if (at == SIZE_MAX) {
        return (fw_sv){0};
    }
    fw_sv rest = fw_sv_sub(path, at + 10, SIZE_MAX);
    size_t end = fw_sv_find(rest, FW_SV("__"));
    fw_sv name = fw_arena_printf(arena, "%.*s__%s.assert", (int)(at + 10 + end), path.p, kind);
    return end == SIZE_MAX ? (fw_sv){0} : corpus_read(arena, name.p);
}

static void score_assertions(struct fw_arena *arena, struct logs_score *score,
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
    logs_each_line(score, file, text, check_assertions, &all);
}

static void score_array(struct logs_score *score, const struct corpus_file *file, fw_sv text,
                        fw_sv expected)
{
    cJSON *array = cJSON_ParseWithLength(expected.p, expected.n);
    const cJSON *first = array ? array->child : NULL;
    if (first && cJSON_GetObjectItemCaseSensitive(first, "log.offset")) {
        struct beats b = {first, text.p};
        logs_each_line(score, file, text, check_beats, &b);
    } else {
        logs_each_line(score, file, text, check_jc, &first);
    }
    cJSON_Delete(array);
}

static void score_file(struct fw_arena *arena, struct logs_score *score,
                       const struct corpus_file *file)
{
    fw_sv text = corpus_read(arena, file->path.p);
    fw_sv jc = (fw_sv){0};
    if (fw_sv_ends(file->name, ".log") && file->path.n > 4) {
        fw_sv path = fw_arena_printf(arena, "%.*s.expected.json", (int)(file->path.n - 4),
                                     file->path.p);
        jc = corpus_read(arena, path.p);
    }
    fw_sv sibling = beside(arena, file, "-expected.json");
    fw_sv assertions = assertions_of(arena, file, "parser");
    fw_sv scenario = assertions_of(arena, file, "scenario");
    if (fw_sv_ends(file->name, ".cases.jsonl")) {
        score_cases(score, file, text);
    } else if (jc.p) {
        score_array(score, file, text, jc);
    } else if (sibling.p && sibling.n > 0 && sibling.p[0] == '[') {
        score_array(score, file, text, sibling);
    } else if (sibling.p) {
        logs_each_line(score, file, text, check_metron, &sibling);
    } else if (assertions.n == 0 && scenario.n > 0) {
        logs_score_scenario(arena, score, file, text, scenario);
    } else if (assertions.p) {
        score_assertions(arena, score, file, text, assertions);
    } else {
        logs_each_line(score, file, text, check_nothing, NULL);
    }
}

/* Prints the format's row; false when it is below what is asked. */
static bool print_score(const char *name, const struct logs_score *s)
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
    struct logs_score score = {0};
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
                                          "ids/snort-csv/",
                                          "ids/snort-fast/",
                                          "ids/suricata-fast/",
                                          "ids/suricata-eve/"};
    const char *root = corpus_root();
    const char *only = NULL;
    bool good = true;
    if (!root) {
        return CORPUS_SKIPPED;
    }
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-v") == 0) {
            logs_verbose = true;
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
