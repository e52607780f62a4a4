/* What "show access-lists" prints on routers and switches, against what another program reads from
 * it: for every entry its list, its number, its action and how often it was hit. */
#include <stdio.h>
#include <string.h>

#include "evidence/configs.h"
#include "tests/corpus/corpus.h"

#define FOLDER "rulesets/device-show-commands/ntc-templates/cisco_"

struct score {
    size_t files, entries, fields, alike;
};

/* One entry of the expectation. */
struct row {
    fw_sv list, number, action, hits;
};

static const struct fw_rule *find_rule(const struct fw_ruleset *ruleset, const struct row *row)
{
    const struct fw_policy *policy = fw_ruleset_find(ruleset, row->list);
    for (size_t i = 0; policy && i < policy->n; i++) {
        if (fw_sv_eq(policy->rules[i].id, row->number)) {
            return &policy->rules[i];
        }
    }
    return NULL;
}

/* Lists of frames are no lists of packets: nobody reads their entries. */
static bool is_of_frames(const struct fw_doc *doc, fw_sv list)
{
    char head[300];
    snprintf(head, sizeof(head), "MAC access list %.*s\n", FW_SV_ARG(list));
    return fw_sv_find(doc->text, fw_sv_from(head)) != SIZE_MAX;
}

static void compare(const struct fw_doc *doc, const struct fw_ruleset *ruleset,
                    const struct row *row, struct score *score)
{
    bool filter = fw_sv_is(row->action, "permit") || fw_sv_is(row->action, "deny");
    const struct fw_rule *rule = filter ? find_rule(ruleset, row) : NULL;
    uint64_t hits = 0;
    bool counted = row->hits.n > 0 && fw_sv_u64(row->hits, &hits);
    if (!filter || row->number.n == 0 || is_of_frames(doc, row->list)) {
        return;
    }
    bool action = rule && fw_sv_is(row->action, fw_action_name(rule->action));
    bool same = rule && (!counted || (rule->hits.present && rule->hits.packets == hits));
    score->entries++;
    score->fields += 3;
    score->alike += (rule != NULL) + action + same;
    if (!action || !same) {
        printf("differs: %.*s: %.*s %.*s\n", FW_SV_ARG(doc->path), FW_SV_ARG(row->list),
               FW_SV_ARG(row->number));
    }
}

/* `  - key: "value"`, one entry after the other. */
static void read_rows(fw_sv yaml, const struct fw_doc *doc, const struct fw_ruleset *ruleset,
                      struct score *score)
{
    struct row row = {0};
    fw_sv line;
    while (fw_sv_split(&yaml, '\n', &line)) {
        bool first = fw_sv_starts(line, "  - ");
        if (first && row.list.n > 0) {
            compare(doc, ruleset, &row, score);
        }
        row = first ? (struct row){0} : row;
        fw_sv rest = fw_sv_trim(fw_sv_sub(line, 4, SIZE_MAX));
        size_t colon = fw_sv_find_char(rest, ':');
        fw_sv key = fw_sv_sub(rest, 0, colon);
        fw_sv value = colon == SIZE_MAX ? (fw_sv){0}
                                        : fw_sv_trim(fw_sv_sub(rest, colon + 1, SIZE_MAX));
        value = value.n > 1 ? fw_sv_sub(value, 1, value.n - 2) : value;
        if (fw_sv_is(key, "acl_name") || fw_sv_is(key, "name")) {
            row.list = value;
        } else if (fw_sv_is(key, "line_num") || fw_sv_is(key, "sn")) {
            row.number = value;
        } else if (fw_sv_is(key, "action")) {
            row.action = value;
        } else if (fw_sv_is(key, "matches")) {
            row.hits = value;
        }
    }
    if (row.list.n > 0) {
        compare(doc, ruleset, &row, score);
    }
}

static bool is_listing(const struct corpus_file *file)
{
    fw_sv name = fw_sv_sub(file->name, strlen(FOLDER), SIZE_MAX);
    return fw_sv_ends(name, ".raw") && (fw_sv_starts(name, "ios__show_access-list") ||
                                        fw_sv_starts(name, "ios__show_ip_access-lists") ||
                                        fw_sv_starts(name, "nxos__show_access-lists"));
}

static void take_file(struct fw_arena *arena, const struct corpus_file *file, void *context)
{
    struct score *score = context;
    if (!is_listing(file)) {
        return;
    }
    struct fw_config config;
    struct fw_diags *diags = fw_diags_new();
    fw_sv stem = fw_sv_sub(file->path, 0, file->path.n - strlen(".raw"));
    fw_sv yaml = corpus_read(arena, fw_arena_printf(arena, "%.*s.expected.yml", FW_SV_ARG(stem)).p);
    if (fw_config_load(&config, file->path.p, file->name, FW_SV(""), diags) == FW_OK) {
        score->files++;
        read_rows(yaml, &config.doc, &config.ruleset, score);
    } else {
        printf("nobody reads %s\n", file->name.p);
    }
    fw_config_clear(&config);
    fw_diags_free(diags);
}

int main(void)
{
    struct score score = {0};
    int code = corpus_inputs(FOLDER, take_file, &score);
    if (code != 0) {
        return code;
    }
    printf("%zu captures, %zu entries, %zu of %zu fields alike\n", score.files, score.entries,
           score.alike, score.fields);
    return score.entries > 0 && score.alike * 100 >= score.fields * 99 ? 0 : 1;
}
