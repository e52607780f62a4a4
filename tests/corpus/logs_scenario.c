/*
 * What a scenario's assertions say of the EVE alerts that set it off, where the parser's say
 * nothing:
 *
 *   results[0].Overflow.Alert.Events[1].GetMeta("source_ip") == "192.0.2.1"
 *
 * They stand in no order of lines: an alert is found by its own stamp (that of its
 * flow stands in other alerts too).
 */
#include <string.h>

#include "tests/corpus/logs.h"

static const struct logs_mapping metas[] = {{"source_ip", "source.ip"},
                                            {"suricata_alert_signature_id", "rule.id"},
                                            {"suricata_flow_id", "network.session_id"},
                                            {"suricata_rule_severity", "event.severity"},
                                            {NULL, NULL}};
enum { METAS = sizeof(metas) / sizeof(metas[0]) - 1 };

struct meant {
    fw_sv event; /* "results[0].Overflow.Alert.Events[1]" */
    fw_sv stamp;
    bool eve, found;
    fw_sv values[METAS];
};

struct scenario {
    size_t n;
    struct meant *v;
};

static struct meant *meant_of(struct fw_arena *arena, struct scenario *all, fw_sv event)
{
    if (all->n == 0 || !fw_sv_eq(all->v[all->n - 1].event, event)) {
        all->v = fw_arena_push(arena, all->v, all->n, sizeof(all->v[0]));
        all->v[all->n++] = (struct meant){.event = event};
    }
    return &all->v[all->n - 1];
}

static void read_meta(struct fw_arena *arena, struct scenario *all, fw_sv line)
{
    static const fw_sv get = {".GetMeta(\"", 10};
    static const fw_sv is = {"\") == \"", 7};
    size_t at = fw_sv_find(line, get);
    size_t end = fw_sv_find(line, is);
    if (at == SIZE_MAX || end == SIZE_MAX || end < at + get.n || line.n < end + is.n + 1) {
        return;
    }
    fw_sv key = fw_sv_sub(line, at + get.n, end - at - get.n);
    fw_sv value = fw_sv_sub(line, end + is.n, line.n - end - is.n - 1);
    struct meant *meant = meant_of(arena, all, fw_sv_sub(line, 0, at));
    if (fw_sv_is(key, "timestamp")) {
        meant->stamp = fw_sv_ends(value, "Z") ? fw_sv_sub(value, 0, value.n - 1) : value;
    }
    meant->eve = meant->eve || fw_sv_is(value, "suricata_alert_eve_json");
    for (size_t i = 0; i < METAS; i++) {
        if (fw_sv_is(key, metas[i].theirs)) {
            meant->values[i] = value;
        }
    }
}

static bool has_stamp(fw_sv line, fw_sv stamp)
{
    static const fw_sv member = {"\"timestamp\":\"", 13};
    size_t at = fw_sv_find(line, member);
    return at != SIZE_MAX && stamp.n > 0 &&
           fw_sv_eq(fw_sv_sub(line, at + member.n, stamp.n), stamp);
}

static void check_meant(struct logs_run *run, void *context)
{
    struct scenario *all = context;
    for (size_t i = 0; i < all->n; i++) {
        struct meant *meant = &all->v[i];
        if (!meant->eve || !has_stamp(run->line->text, meant->stamp)) {
            continue;
        }
        meant->found = true;
        for (size_t k = 0; k < METAS; k++) {
            if (meant->values[k].p) {
                logs_compare(run, metas[k].ours, meant->values[k]);
            }
        }
    }
}

void logs_score_scenario(struct fw_arena *arena, struct logs_score *score,
                         const struct corpus_file *file, fw_sv text, fw_sv assertions)
{
    struct scenario all = {0};
    fw_sv line;
    while (fw_sv_split(&assertions, '\n', &line)) {
        read_meta(arena, &all, fw_sv_trim(line));
    }
    logs_each_line(score, file, text, check_meant, &all);
    for (size_t i = 0; i < all.n; i++) {
        bool lost = all.v[i].eve && !all.v[i].found; /* a log without its line must be seen */
        score->fields += lost;
        score->missing += lost;
    }
}
