/* Questions about filters that another program has answered: which lines nothing reaches and why,
 * and what becomes of a packet. All of them are asked again. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "core/proto.h"
#include "evidence/configs.h"
#include "policy/eval.h"
#include "tests/corpus/corpus.h"

#define FOLDER "rulesets/peer-questions-batfish/"

enum { NODES = 64 };

struct node {
    struct fw_diags *diags;
    struct fw_config config;
    fw_sv name;
};

struct corpus {
    struct fw_arena arena;
    struct corpus_files files;
    size_t n;
    struct node nodes[NODES];
    size_t asked, alike;
};

static const char *string_of(const cJSON *row, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, key);
    return cJSON_IsString(value) ? value->valuestring : "";
}

static cJSON *load_answers(struct corpus *c, const char *name)
{
    for (size_t i = 0; i < c->files.n; i++) {
        if (fw_sv_ends(c->files.v[i].name, name)) {
            fw_sv text = corpus_read(&c->arena, c->files.v[i].path.p);
            return cJSON_ParseWithLength(text.p, text.n);
        }
    }
    return NULL;
}

/* A configuration's own name, or what stands before ".iptables" in that of its file. */
static fw_sv name_of(const struct node *node, fw_sv path)
{
    if (node->config.ruleset.hostname.n > 0) {
        return node->config.ruleset.hostname;
    }
    size_t at = path.n;
    while (at > 0 && path.p[at - 1] != '_' && path.p[at - 1] != '/') {
        at--;
    }
    fw_sv base = fw_sv_sub(path, at, SIZE_MAX);
    return fw_sv_sub(base, 0, fw_sv_find_char(base, '.'));
}

static void load_nodes(struct corpus *c)
{
    for (size_t i = 0; i < c->files.n && c->n < NODES; i++) {
        const struct corpus_file *file = &c->files.v[i];
        struct node *node = &c->nodes[c->n];
        if (!file->input || fw_sv_ends(file->name, ".json")) {
            continue;
        }
        node->diags = fw_diags_new();
        c->n++;
        if (fw_config_load(&node->config, file->path.p, file->name, FW_SV(""), node->diags) !=
            FW_OK) {
            printf("FAILED nobody reads %s\n", file->name.p);
            c->asked++;
            continue;
        }
        node->name = name_of(node, file->name);
        fw_config_analyse(&node->config, &(struct fw_analysis_options){0});
    }
}

static const struct node *find_node(const struct corpus *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++) {
        if (fw_sv_is(c->nodes[i].name, name)) {
            return &c->nodes[i];
        }
    }
    return NULL;
}

static void count(struct corpus *c, bool alike, const char *question, const char *what)
{
    c->asked++;
    c->alike += alike;
    if (!alike) {
        printf("FAILED %s: %s\n", question, what);
    }
}

static fw_sv line_of(const struct node *node, const struct fw_rule *rule)
{
    return fw_sv_trim(fw_doc_line_text(&node->config.doc, rule->span.line));
}

/* --- Lines that nothing reaches --- */

static bool same_cover(const struct node *node, const struct fw_rule_verdict *verdict,
                       const cJSON *lines)
{
    if ((size_t)cJSON_GetArraySize(lines) != verdict->nbecause) {
        return false;
    }
    for (size_t i = 0; i < verdict->nbecause; i++) {
        const cJSON *line = cJSON_GetArrayItem(lines, (int)i);
        if (!cJSON_IsString(line) ||
            !fw_sv_is(line_of(node, verdict->because[i]), line->valuestring)) {
            return false;
        }
    }
    return true;
}

/* The row of the answer about this rule; NULL when there is none. */
static const cJSON *find_row(const cJSON *rows, const struct node *node,
                             const struct fw_policy *policy, const struct fw_rule *rule)
{
    const cJSON *row;
    char source[200];
    snprintf(source, sizeof(source), "%.*s: %.*s", FW_SV_ARG(node->name), FW_SV_ARG(policy->name));
    cJSON_ArrayForEach(row, rows)
    {
        const cJSON *first = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(row, "Sources"),
                                                0);
        if (cJSON_IsString(first) && strcmp(first->valuestring, source) == 0 &&
            fw_sv_is(line_of(node, rule), string_of(row, "Unreachable_Line"))) {
            return row;
        }
    }
    return NULL;
}

static void ask_reachability(struct corpus *c)
{
    cJSON *answer = load_answers(c, "basic__filterLineReachability.ref.json");
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(answer, 0), "rows");
    size_t found = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct node *node = &c->nodes[i];
        for (size_t p = 0; p < node->config.report.n; p++) {
            const struct fw_policy_report *report = &node->config.report.policies[p];
            for (size_t r = 0; r < report->policy->n; r++) {
                const struct fw_rule *rule = &report->policy->rules[r];
                const struct fw_rule_verdict *verdict = &report->verdicts[r];
                const cJSON *row = find_row(rows, node, report->policy, rule);
                found += row != NULL;
                if (!row && !verdict->dead) {
                    continue;
                }
                bool shadowed = verdict->class == FW_RULE_SHADOWED;
                bool alike = row && verdict->dead &&
                             same_cover(node, verdict,
                                        cJSON_GetObjectItemCaseSensitive(row, "Blocking_Lines")) &&
                             shadowed == (bool)cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(
                                             row, "Different_Action"));
                count(c, alike, "unreachable lines", line_of(node, rule).p ? "a line" : "no line");
            }
        }
    }
    count(c, answer && found == (size_t)cJSON_GetArraySize(rows), "unreachable lines",
          "their number");
    cJSON_Delete(answer);
}

/* --- Packets --- */

static bool flow_packet(const cJSON *flow, struct fw_packet *ret)
{
    const cJSON *sport = cJSON_GetObjectItemCaseSensitive(flow, "srcPort");
    const cJSON *dport = cJSON_GetObjectItemCaseSensitive(flow, "dstPort");
    *ret = (struct fw_packet){.has_proto = true, .proto = FW_PROTO_TCP, .has_state = true};
    ret->state = FW_STATE_NEW;
    ret->has_sport = cJSON_IsNumber(sport);
    ret->has_dport = cJSON_IsNumber(dport);
    ret->sport = (uint16_t)(ret->has_sport ? sport->valueint : 0);
    ret->dport = (uint16_t)(ret->has_dport ? dport->valueint : 0);
    return strcmp(string_of(flow, "ipProtocol"), "TCP") == 0 &&
           fw_ip_parse(fw_sv_from(string_of(flow, "srcIp")), &ret->src) &&
           fw_ip_parse(fw_sv_from(string_of(flow, "dstIp")), &ret->dst);
}

static void ask_packets(struct corpus *c)
{
    cJSON *answer = load_answers(c, "basic__testfilters.ref.json");
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(answer, 0), "rows");
    const cJSON *row;
    count(c, cJSON_GetArraySize(rows) > 0, "packets", "there is no answer");
    cJSON_ArrayForEach(row, rows)
    {
        const cJSON *who = cJSON_GetObjectItemCaseSensitive(row, "Node");
        const struct node *node = find_node(c, string_of(who, "name"));
        const char *filter = string_of(row, "Filter_Name");
        const char *name = strstr(filter, "::") ? strstr(filter, "::") + 2 : filter;
        const struct fw_policy *policy = node ? fw_ruleset_find(&node->config.ruleset,
                                                                fw_sv_from(name))
                                              : NULL;
        struct fw_packet packet;
        struct fw_trace trace = {0};
        bool ok = policy && flow_packet(cJSON_GetObjectItemCaseSensitive(row, "Flow"), &packet);
        if (ok) {
            fw_packet_complete(&packet);
            fw_trace_policy(&c->arena, &node->config.ruleset, policy, &packet, &trace);
            bool permit = strcmp(string_of(row, "Action"), "PERMIT") == 0;
            bool by_default = strcmp(string_of(row, "Line_Content"), "default") == 0;
            ok = trace.verdict == (permit ? FW_VERDICT_PERMIT : FW_VERDICT_DENY) &&
                 trace.by_default == by_default;
        }
        count(c, ok, "packets", filter);
    }
    cJSON_Delete(answer);
}

int main(void)
{
    static struct corpus c;
    int code = corpus_open(&c.arena, FOLDER, &c.files);
    if (code != 0) {
        return code;
    }
    load_nodes(&c);
    ask_reachability(&c);
    ask_packets(&c);
    printf("%zu configurations, %zu questions, %zu answered alike\n", c.n, c.asked, c.alike);
    for (size_t i = 0; i < c.n; i++) {
        fw_config_clear(&c.nodes[i].config);
        fw_diags_free(c.nodes[i].diags);
    }
    fw_arena_clear(&c.arena);
    return c.n > 0 && c.asked == c.alike ? 0 : 1;
}
