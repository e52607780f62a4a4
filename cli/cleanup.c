/* Scripts that remove rules: the set, the proof, and the words of the device. */
#include "cli/cleanup.h"

#include <inttypes.h>
#include <stdlib.h>

#include "analyzers/fixes/fix.h"
#include "core/text.h"
#include "policy/cleanup.h"

struct script {
    struct fw_cli *cli;
    const struct fw_config *config;
    const struct fw_fix_writer *writer;
    struct fw_arena *arena;
    struct fw_buf *out;
};

static bool may_go(void *context, const struct fw_policy *policy, const struct fw_rule *rule)
{
    const struct script *s = context;
    return fw_fix_text(s->arena, &s->config->ruleset, &s->config->doc, policy, rule).n > 0;
}

/* "# words": one line, safe to print and to paste. */
static void comment(const struct script *s, const char *key, const struct fw_param *params,
                    size_t n)
{
    struct fw_buf raw;
    fw_buf_init(&raw);
    fw_words_render(&raw, fw_word(&s->cli->catalogue, key, s->cli->lang), params, n);
    fw_buf_add_cstr(s->out, s->writer ? s->writer->comment : "#");
    fw_buf_add_char(s->out, ' ');
    fw_text_safe(s->out, fw_buf_sv(&raw));
    fw_buf_add_char(s->out, '\n');
    fw_buf_clear(&raw);
}

static fw_sv number(const struct script *s, uint64_t value)
{
    return fw_arena_printf(s->arena, "%" PRIu64, value);
}

/* Later rules of a policy first: the numbers of those before stay what they are. */
static int later_first(const void *left, const void *right)
{
    const struct fw_cleanup_rule *a = left;
    const struct fw_cleanup_rule *b = right;
    if (a->policy != b->policy) {
        uint64_t x = a->policy->span.line;
        uint64_t y = b->policy->span.line;
        return x != y ? (x > y) - (x < y) : fw_sv_cmp(a->policy->name, b->policy->name);
    }
    return (a->rule->position < b->rule->position) - (a->rule->position > b->rule->position);
}

/* ... where numbers count over all policies. */
static int later_line_first(const void *left, const void *right)
{
    uint64_t x = ((const struct fw_cleanup_rule *)left)->rule->span.line;
    uint64_t y = ((const struct fw_cleanup_rule *)right)->rule->span.line;
    return (x < y) - (x > y);
}

static void put_rule(const struct script *s, const struct fw_cleanup_rule *gone)
{
    const struct fw_config *config = s->config;
    struct fw_param params[] = {
        {"policy", gone->policy->name},
        {"position", number(s, gone->rule->position)},
        {"line", number(s, gone->rule->span.line)},
        {"rule", fw_sv_trim(fw_doc_line_shown(&config->doc, gone->rule->span.line, s->arena))},
    };
    comment(s, gone->shadowed ? "fix.shadowed" : gone->dead ? "fix.dead" : "fix.alike", params, 4);
    fw_buf_add(s->out,
               fw_fix_text(s->arena, &config->ruleset, &config->doc, gone->policy, gone->rule));
    fw_buf_add_char(s->out, '\n');
}

/* Rules that could go, but have no id to name them by. */
static uint64_t count_nameless(const struct fw_config *config)
{
    uint64_t n = 0;
    for (size_t p = 0; p < config->report.n; p++) {
        const struct fw_policy_report *report = &config->report.policies[p];
        for (size_t r = 0; r < report->policy->n; r++) {
            enum fw_rule_class class = report->verdicts[r].class;
            bool could = class == FW_RULE_SHADOWED || class == FW_RULE_REDUNDANT;
            n += could && report->policy->rules[r].id.n == 0;
        }
    }
    return n;
}

/* False: what would be removed is not proven to change nothing. */
static bool put_script(struct script *s, unsigned jobs)
{
    const struct fw_config *config = s->config;
    struct fw_cleanup cleanup;
    struct fw_param path = {"path", config->doc.path};
    s->writer = fw_fix_find(config->ruleset.format);
    if (!s->writer) {
        struct fw_param params[] = {path, {"format", fw_sv_from(config->ruleset.format)}};
        comment(s, "fix.no_writer", params, 2);
        return true;
    }
    fw_ruleset_cleanup(s->arena, &config->ruleset, &config->report, jobs, may_go, s, &cleanup);
    if (!cleanup.proven) {
        return false;
    }
    struct fw_param params[] = {
        path, {"n", number(s, cleanup.n)}, {"kept", number(s, cleanup.kept)}};
    comment(s, cleanup.n > 0 ? "fix.script" : "fix.nothing", params, 3);
    if (cleanup.kept > 0) {
        comment(s, "fix.kept", params, 3);
    }
    uint64_t nameless = s->writer->needs_id ? count_nameless(config) : 0;
    if (nameless > 0) {
        comment(s, s->writer->needs_id, &(struct fw_param){"n", number(s, nameless)}, 1);
    }
    if (cleanup.n > 1) {
        qsort(cleanup.v, cleanup.n, sizeof(*cleanup.v),
              s->writer->by_line ? later_line_first : later_first);
    }
    for (size_t i = 0; i < cleanup.n; i++) {
        put_rule(s, &cleanup.v[i]);
    }
    return true;
}

int fw_cleanup_print(struct fw_cli *cli, const struct fw_config *configs, size_t n, unsigned jobs)
{
    struct fw_arena arena;
    struct fw_buf out;
    int code = FW_EXIT_OK;
    fw_arena_init(&arena, 0);
    fw_buf_init(&out);
    for (size_t i = 0; i < n; i++) {
        struct script script = {.cli = cli, .config = &configs[i], .arena = &arena, .out = &out};
        if (!put_script(&script, jobs)) {
            code = fw_cli_fail(cli,
                               "%.*s: not proven that removing rules changes nothing: no script",
                               FW_SV_ARG(configs[i].doc.path));
        }
        fw_arena_reset(&arena);
    }
    fw_cli_diagnose(cli);
    int written = fw_cli_emit(cli, &out);
    fw_buf_clear(&out);
    fw_arena_clear(&arena);
    return written == FW_EXIT_OK ? code : written;
}
