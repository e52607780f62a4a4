/* Who did what in a review? */
#include "evidence/journal.h"

#include <inttypes.h>

#include "core/text.h"
#include "core/time.h"
#include "evidence/logindex.h"

struct journal {
    const struct fw_facts *facts;
    struct fw_arena arena;
    struct fw_buf *out;
};

static void row(struct journal *j, const char *step, fw_sv what, fw_sv by, int64_t when_ns,
                const fw_sha256 *hash)
{
    char hex[FW_SHA256_HEX + 1] = "";
    if (hash) {
        fw_sha256_hex(*hash, hex);
    }
    fw_buf_add_cstr(j->out, step);
    fw_buf_add_char(j->out, '\t');
    fw_text_tsv(j->out, what);
    fw_buf_add_char(j->out, '\t');
    fw_text_tsv(j->out, by);
    fw_buf_add_char(j->out, '\t');
    if (when_ns != INT64_MIN) {
        fw_text_tsv(j->out, fw_date_keep(&j->arena, fw_date_of(when_ns, j->facts->zone_seconds)));
    }
    fw_buf_printf(j->out, "\t%s\n", hex);
}

/* Logs are many and have an index of their own: one line with its root. */
static void add_inputs(struct journal *j, const struct fw_inputs *inputs, const char *tool)
{
    size_t logs = 0;
    for (size_t i = 0; i < inputs->n; i++) {
        const struct fw_input *input = &inputs->v[i];
        if (input->missing) {
            continue;
        }
        if (input->role == FW_INPUT_LOG) {
            logs++;
            continue;
        }
        fw_sv what = fw_arena_printf(&j->arena, "%s %.*s%s%s", fw_input_role_name(input->role),
                                     FW_SV_ARG(input->path), input->format[0] != '\0' ? " as " : "",
                                     input->format);
        row(j, "read", what, fw_sv_from(tool), INT64_MIN, &input->info.sha256);
    }
    if (logs > 0) {
        struct fw_buf index;
        fw_buf_init(&index);
        fw_log_index_text(inputs, &index);
        fw_sha256 hash = fw_sha256_of(fw_buf_sv(&index));
        fw_buf_clear(&index);
        row(j, "read",
            fw_arena_printf(&j->arena, "%zu log files as logs/index.tsv lists them", logs),
            fw_sv_from(tool), INT64_MIN, &hash);
    }
}

static void add_decisions(struct journal *j)
{
    for (size_t i = 0; j->facts->decisions && i < j->facts->decisions->n; i++) {
        const struct fw_decision *d = j->facts->decisions->v[i];
        fw_sv what = d->about_rule
                         ? fw_arena_printf(&j->arena, "%s %.*s %.*s: %.*s",
                                           fw_decided_name(d->decided), FW_SV_ARG(d->device),
                                           FW_SV_ARG(d->policy), FW_SV_ARG(d->rule))
                         : fw_arena_printf(&j->arena, "%s %.*s %.*s %.*s",
                                           fw_decided_name(d->decided), FW_SV_ARG(d->check),
                                           FW_SV_ARG(d->device), FW_SV_ARG(d->fingerprint));
        row(j, "decided", what, d->by, d->decided_ns, d->about_rule ? &d->content : NULL);
    }
}

/* What the site file declares in somebody's name; a decided waiver stands above already. */
static void add_statements(struct journal *j, const struct fw_inputs *inputs, size_t ndecided)
{
    const struct fw_site *site = j->facts->site;
    for (size_t i = 0; i + ndecided < site->nexceptions; i++) {
        const struct fw_site_exception *e = &site->exceptions[i];
        fw_sv what = fw_arena_printf(&j->arena, "%.*s %.*s: %.*s", FW_SV_ARG(e->check),
                                     FW_SV_ARG(e->device), FW_SV_ARG(e->reason));
        row(j, e->waiver ? "waived" : "declared", what, e->by, e->approved_ns, NULL);
    }
    for (size_t i = 0; i < site->nattestations; i++) {
        const struct fw_site_attestation *a = &site->attestations[i];
        const struct fw_input *document = fw_inputs_document(inputs, a->evidence);
        fw_sv what = fw_arena_printf(&j->arena, "%.*s %.*s: %.*s", FW_SV_ARG(a->check),
                                     FW_SV_ARG(a->device), FW_SV_ARG(a->statement));
        row(j, "attested", what, a->by, a->made_ns, document ? &document->info.sha256 : NULL);
    }
}

static size_t count_waivers(const struct fw_decisions *decisions)
{
    size_t n = 0;
    for (size_t i = 0; decisions && i < decisions->n; i++) {
        n += !decisions->v[i]->about_rule && decisions->v[i]->decided == FW_DECIDED_WAIVE;
    }
    return n;
}

void fw_journal_text(const struct fw_facts *facts, const struct fw_inputs *inputs, const char *tool,
                     struct fw_buf *out)
{
    struct journal j = {.facts = facts, .out = out};
    fw_arena_init(&j.arena, 0);
    fw_buf_add_cstr(out, "step\twhat\tby\twhen\tsha256\n");
    add_inputs(&j, inputs, tool);
    if (facts->previous) {
        row(&j, "compared",
            fw_arena_printf(&j.arena, "the review of %.*s", FW_SV_ARG(facts->previous->period)),
            fw_sv_from(tool), INT64_MIN, &facts->previous->head);
    }
    row(&j, "checked",
        fw_arena_printf(&j.arena, "profile %.*s, edition %.*s", FW_SV_ARG(facts->profile->name),
                        FW_SV_ARG(facts->profile->edition)),
        fw_sv_from(tool), facts->as_of_ns, &facts->catalogue->sha256);
    add_decisions(&j);
    if (facts->site) {
        add_statements(&j, inputs, count_waivers(facts->decisions));
    }
    fw_arena_clear(&j.arena);
}
